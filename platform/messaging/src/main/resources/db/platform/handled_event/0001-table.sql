--liquibase formatted sql

--changeset vitrina:platform-handled_event-0001-table splitStatements:false rollbackSplitStatements:false labels:compatible
-- Events that this service has acted on, so that it does not again (org.vitrina.messaging); purged by age. A table that is
-- there already is adopted with its rows, and where it lacks nothing it is not even locked.
DO $$
BEGIN
    PERFORM set_config('lock_timeout', '3s', TRUE);
    IF to_regclass('handled_event') IS NULL THEN
        CREATE TABLE handled_event (
            consumer   TEXT NOT NULL,
            event_id   UUID NOT NULL,
            handled_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (consumer, event_id)
        );
        COMMENT ON TABLE handled_event IS 'made by platform';
    END IF;
    IF to_regclass('handled_event_by_age') IS NULL THEN
        CREATE INDEX handled_event_by_age ON handled_event (handled_at);
    END IF;
    IF EXISTS (
        SELECT FROM unnest(ARRAY[
            'consumer text', 'event_id uuid', 'handled_at timestamp with time zone']) AS wanted
        WHERE wanted NOT IN (
            SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = 'handled_event'::regclass AND attnum > 0 AND NOT attisdropped)) THEN
        RAISE EXCEPTION 'the table handled_event is there with other columns than platform''s: change it to the shape in platform/handled_event';
    END IF;
END $$;
--rollback DO $$
--rollback BEGIN
--rollback     IF obj_description('handled_event'::regclass, 'pg_class') = 'made by platform' THEN
--rollback         DROP TABLE handled_event;
--rollback     END IF;
--rollback END $$;

--liquibase formatted sql

--changeset vitrina:platform-outbox-0001-table splitStatements:false rollbackSplitStatements:false labels:compatible
-- Events that this service has decided to send and the broker has not confirmed yet (org.vitrina.messaging). Emptied all the
-- time, hence the room in each page and the eager vacuum. A table that is there already is adopted with its rows: what it
-- lacks is added, and where it lacks nothing it is not even locked.
DO $$
BEGIN
    PERFORM set_config('lock_timeout', '3s', TRUE);
    IF to_regclass('outbox') IS NULL THEN
        CREATE TABLE outbox (
            position     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            event_id     UUID NOT NULL UNIQUE,
            exchange     TEXT NOT NULL,
            routing_key  TEXT NOT NULL,
            ordering_key TEXT NOT NULL,
            headers      TEXT NOT NULL DEFAULT '{}',
            body         BYTEA NOT NULL,
            created_at   TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
            held_by      UUID,
            held_until   TIMESTAMPTZ
        );
        COMMENT ON TABLE outbox IS 'made by platform';
    END IF;
    IF (SELECT count(*) < 10 FROM pg_attribute
        WHERE attrelid = 'outbox'::regclass AND attnum > 0 AND NOT attisdropped) THEN
        ALTER TABLE outbox
            ADD COLUMN IF NOT EXISTS headers TEXT NOT NULL DEFAULT '{}',
            ADD COLUMN IF NOT EXISTS held_by UUID,
            ADD COLUMN IF NOT EXISTS held_until TIMESTAMPTZ;
    END IF;
    IF (SELECT reloptions IS NULL FROM pg_class WHERE oid = 'outbox'::regclass) THEN
        ALTER TABLE outbox
            SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
    END IF;
    IF to_regclass('outbox_by_key') IS NULL THEN
        CREATE INDEX outbox_by_key ON outbox (ordering_key, position);
    END IF;
    IF EXISTS (
        SELECT FROM unnest(ARRAY[
            'position bigint', 'event_id uuid', 'exchange text', 'routing_key text', 'ordering_key text',
            'headers text', 'body bytea', 'created_at timestamp with time zone', 'held_by uuid',
            'held_until timestamp with time zone']) AS wanted
        WHERE wanted NOT IN (
            SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = 'outbox'::regclass AND attnum > 0 AND NOT attisdropped)) THEN
        RAISE EXCEPTION 'the table outbox is there with other columns than platform''s: change it to the shape in platform/outbox';
    END IF;
END $$;
--rollback DO $$
--rollback BEGIN
--rollback     IF obj_description('outbox'::regclass, 'pg_class') = 'made by platform' THEN
--rollback         DROP TABLE outbox;
--rollback     END IF;
--rollback END $$;

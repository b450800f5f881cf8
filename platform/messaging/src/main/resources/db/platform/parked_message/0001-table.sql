--liquibase formatted sql

--changeset vitrina:platform-parked_message-0001-table splitStatements:false rollbackSplitStatements:false labels:compatible
-- Messages that could not be handled yet, with the time of their next attempt (org.vitrina.messaging). A table that is there
-- already is adopted with its rows: what it lacks is added, and where it lacks nothing it is not even locked.
DO $$
BEGIN
    PERFORM set_config('lock_timeout', '3s', TRUE);
    IF to_regclass('parked_message') IS NULL THEN
        CREATE TABLE parked_message (
            id          UUID PRIMARY KEY,
            queue       TEXT NOT NULL,
            exchange    TEXT NOT NULL,
            routing_key TEXT NOT NULL,
            message_id  TEXT,
            redriven    BOOLEAN NOT NULL,
            body        BYTEA NOT NULL,
            attempts    INTEGER NOT NULL,
            reason      TEXT NOT NULL,
            parked_at   TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
            next_at     TIMESTAMPTZ NOT NULL
        );
        COMMENT ON TABLE parked_message IS 'made by platform';
    END IF;
    IF (SELECT count(*) < 11 FROM pg_attribute
        WHERE attrelid = 'parked_message'::regclass AND attnum > 0 AND NOT attisdropped) THEN
        ALTER TABLE parked_message ADD COLUMN IF NOT EXISTS message_id TEXT;
    END IF;
    IF to_regclass('parked_message_due') IS NULL THEN
        CREATE INDEX parked_message_due ON parked_message (next_at);
    END IF;
    IF EXISTS (
        SELECT FROM unnest(ARRAY[
            'id uuid', 'queue text', 'exchange text', 'routing_key text', 'message_id text', 'redriven boolean',
            'body bytea', 'attempts integer', 'reason text', 'parked_at timestamp with time zone',
            'next_at timestamp with time zone']) AS wanted
        WHERE wanted NOT IN (
            SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = 'parked_message'::regclass AND attnum > 0 AND NOT attisdropped)) THEN
        RAISE EXCEPTION 'the table parked_message is there with other columns than platform''s: change it to the shape in platform/parked_message';
    END IF;
END $$;
--rollback DO $$
--rollback BEGIN
--rollback     IF obj_description('parked_message'::regclass, 'pg_class') = 'made by platform' THEN
--rollback         DROP TABLE parked_message;
--rollback     END IF;
--rollback END $$;

--liquibase formatted sql

--changeset vitrina:platform-idempotency_record-0001-table splitStatements:false rollbackSplitStatements:false labels:compatible
-- Changes that a caller may repeat with the same key (org.vitrina.persistence.idempotency). A table that is there already is
-- adopted with its rows: what it lacks is added, and where it lacks nothing it is not even locked.
DO $$
BEGIN
    PERFORM set_config('lock_timeout', '3s', TRUE);
    IF to_regclass('idempotency_record') IS NULL THEN
        CREATE TABLE idempotency_record (
            user_id     INTEGER     NOT NULL,
            operation   TEXT        NOT NULL,
            key         TEXT        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
            fingerprint BYTEA       NOT NULL,
            -- what the change made, such as an order's id; for the service's own use
            subject     UUID,
            -- the answer to repeat; null while the change is being made
            status      SMALLINT,
            answer      TEXT,
            -- until then whoever claimed the key is taken to be at work
            lease_until TIMESTAMPTZ NOT NULL,
            created_at  TIMESTAMPTZ NOT NULL DEFAULT now(),
            PRIMARY KEY (user_id, operation, key)
        );
        COMMENT ON TABLE idempotency_record IS 'made by platform';
    END IF;
    IF (SELECT count(*) < 9 FROM pg_attribute
        WHERE attrelid = 'idempotency_record'::regclass AND attnum > 0 AND NOT attisdropped) THEN
        ALTER TABLE idempotency_record
            ADD COLUMN IF NOT EXISTS subject UUID,
            ADD COLUMN IF NOT EXISTS status SMALLINT,
            ADD COLUMN IF NOT EXISTS answer TEXT;
    END IF;
    IF to_regclass('idempotency_record_age') IS NULL THEN
        CREATE INDEX idempotency_record_age ON idempotency_record (created_at);
    END IF;
    IF EXISTS (
        SELECT FROM unnest(ARRAY[
            'user_id integer', 'operation text', 'key text', 'fingerprint bytea', 'subject uuid',
            'status smallint', 'answer text', 'lease_until timestamp with time zone',
            'created_at timestamp with time zone']) AS wanted
        WHERE wanted NOT IN (
            SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = 'idempotency_record'::regclass AND attnum > 0 AND NOT attisdropped)) THEN
        RAISE EXCEPTION 'the table idempotency_record is there with other columns than platform''s: change it to the shape in platform/idempotency_record';
    END IF;
END $$;
--rollback DO $$
--rollback BEGIN
--rollback     IF obj_description('idempotency_record'::regclass, 'pg_class') = 'made by platform' THEN
--rollback         DROP TABLE idempotency_record;
--rollback     END IF;
--rollback END $$;

--liquibase formatted sql

--changeset vitrina:0002-idempotency
-- As org.vitrina.persistence.idempotency has it; subject is the order.
CREATE TABLE idempotency_record (
    user_id     INTEGER     NOT NULL,
    operation   TEXT        NOT NULL,
    key         TEXT        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint BYTEA       NOT NULL,
    subject     UUID,
    status      SMALLINT,
    answer      TEXT,
    lease_until TIMESTAMPTZ NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, operation, key)
);
CREATE INDEX idempotency_record_age ON idempotency_record (created_at);
--rollback DROP TABLE idempotency_record;

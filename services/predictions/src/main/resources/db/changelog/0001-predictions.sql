--liquibase formatted sql

--changeset vitrina:0001-tables
-- What products has told of each product, and its latest prediction. A prediction has a rank, (version, run): the product's
-- version that it was made from, then the recomputation that asked for it, 0 for the change itself. Only a higher rank
-- replaces another, so that repetitions and late answers are harmless without any memory beside the row.
CREATE TABLE product (
    product_id        INTEGER PRIMARY KEY CHECK (product_id > 0),
    version           BIGINT NOT NULL,
    category_id       INTEGER NOT NULL,
    features          DOUBLE PRECISION[] CHECK (cardinality(features) = 10),
    deleted           BOOLEAN NOT NULL DEFAULT FALSE,
    -- the rank of what the latest recomputation asked
    recompute_version BIGINT,
    recompute_run     BIGINT,
    -- the rank of the latest answer, also where its prediction was deleted since
    answered_version  BIGINT NOT NULL DEFAULT 0,
    answered_run      BIGINT NOT NULL DEFAULT 0,
    value             DOUBLE PRECISION,
    model_version     TEXT,
    valid_from        TIMESTAMPTZ,
    CONSTRAINT prediction_is_whole CHECK ((value IS NULL) = (model_version IS NULL) AND (value IS NULL) = (valid_from IS NULL))
);
CREATE INDEX product_of_category ON product (category_id, product_id);

-- All predictions that were the latest once, each valid from then until the next one.
CREATE TABLE prediction (
    product_id    INTEGER NOT NULL REFERENCES product,
    version       BIGINT NOT NULL,
    run           BIGINT NOT NULL,
    value         DOUBLE PRECISION NOT NULL,
    model_version TEXT NOT NULL,
    valid_from    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (product_id, version, run)
);
CREATE INDEX prediction_by_time ON prediction (product_id, valid_from);

-- An operator's wish that all products be predicted anew; done batch by batch, up to product last_product by now.
CREATE TABLE recomputation (
    run          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    products     BIGINT NOT NULL,
    sent         BIGINT NOT NULL DEFAULT 0,
    last_product INTEGER NOT NULL DEFAULT 0,
    started_at   TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    sent_at      TIMESTAMPTZ
);
-- one at a time
CREATE UNIQUE INDEX recomputation_being_sent ON recomputation ((sent_at IS NULL)) WHERE sent_at IS NULL;

-- Predictions that a caller asked for; id is in the caller's hands and in the message to the model.
CREATE TABLE prediction_request (
    id            UUID PRIMARY KEY,
    features      DOUBLE PRECISION[] NOT NULL CHECK (cardinality(features) = 10),
    created_at    TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    value         DOUBLE PRECISION,
    model_version TEXT,
    answered_at   TIMESTAMPTZ,
    CONSTRAINT answer_is_whole CHECK ((value IS NULL) = (model_version IS NULL) AND (value IS NULL) = (answered_at IS NULL))
);
CREATE INDEX prediction_request_age ON prediction_request (created_at);

-- Requests by their callers' keys; see platform/persistence, idempotency.
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

-- Events that this service has decided to send and the broker has not confirmed yet (platform/messaging). Emptied all the
-- time, hence the room in each page and the eager vacuum.
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
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX outbox_by_key ON outbox (ordering_key, position);

-- Events that this service has acted on, so that it does not again (platform/messaging); purged by age.
CREATE TABLE handled_event (
    consumer   TEXT NOT NULL,
    event_id   UUID NOT NULL,
    handled_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX handled_event_by_age ON handled_event (handled_at);

-- Messages that could not be handled yet, with the time of their next attempt (platform/messaging).
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
CREATE INDEX parked_message_due ON parked_message (next_at);
--rollback DROP TABLE parked_message;
--rollback DROP TABLE handled_event;
--rollback DROP TABLE outbox;
--rollback DROP TABLE idempotency_record;
--rollback DROP TABLE prediction_request;
--rollback DROP TABLE recomputation;
--rollback DROP TABLE prediction;
--rollback DROP TABLE product;

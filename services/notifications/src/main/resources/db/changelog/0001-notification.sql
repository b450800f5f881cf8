--liquibase formatted sql

--changeset vitrina:0001-notification
-- One row an event. received: not at the provider; sending: it may be there; the rest is settled for good (an operator
-- alone takes up what is dead). next_at is the next try, or the end of the lease of the process that tries it now.
CREATE TABLE notification (
    position    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id    UUID NOT NULL UNIQUE,
    type        TEXT NOT NULL,
    order_id    UUID NOT NULL,
    user_id     INTEGER NOT NULL CHECK (user_id > 0),
    phone       TEXT,
    text        TEXT NOT NULL,
    event       TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('received', 'sending', 'sent', 'suppressed', 'no-phone', 'dead')),
    reason      TEXT,
    provider_id TEXT,
    tries       INTEGER NOT NULL DEFAULT 0,
    refusals    INTEGER NOT NULL DEFAULT 0,
    held_by     UUID,
    next_at     TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    received_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    settled_at  TIMESTAMPTZ,
    CONSTRAINT sent_to_somebody CHECK (phone IS NOT NULL OR state = 'no-phone'),
    CONSTRAINT settled_has_a_time CHECK ((state IN ('received', 'sending')) = (settled_at IS NULL))
);
CREATE INDEX notification_of_user ON notification (user_id, position);
CREATE INDEX notification_of_order ON notification (order_id);
CREATE INDEX notification_due ON notification (next_at) WHERE state IN ('received', 'sending');

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
--rollback DROP TABLE notification;

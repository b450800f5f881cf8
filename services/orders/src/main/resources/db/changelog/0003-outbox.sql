--liquibase formatted sql

--changeset vitrina:0003-outbox
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
--rollback DROP TABLE outbox;

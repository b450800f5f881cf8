/**
 * Events between services that are neither lost nor acted on twice: a transactional outbox with its relay, a memory of
 * what was handled, queues with retries and dead letters.
 *
 * <p>A service that sends events copies this into its own migrations (a change set of its own):
 *
 * <pre>{@code
 * -- Events that this service has decided to send and the broker has not confirmed yet (platform/messaging). Emptied all the
 * -- time, hence the room in each page and the eager vacuum.
 * CREATE TABLE outbox (
 *     position     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
 *     event_id     UUID NOT NULL UNIQUE,
 *     exchange     TEXT NOT NULL,
 *     routing_key  TEXT NOT NULL,
 *     ordering_key TEXT NOT NULL,
 *     headers      TEXT NOT NULL DEFAULT '{}',
 *     body         BYTEA NOT NULL,
 *     created_at   TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
 *     held_by      UUID,
 *     held_until   TIMESTAMPTZ
 * ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
 * CREATE INDEX outbox_by_key ON outbox (ordering_key, position);
 * --rollback DROP TABLE outbox;
 * }</pre>
 *
 * <p>One that acts on events ({@link org.vitrina.messaging.HandledEvents}) this:
 *
 * <pre>{@code
 * -- Events that this service has acted on, so that it does not again (platform/messaging); purged by age.
 * CREATE TABLE handled_event (
 *     consumer   TEXT NOT NULL,
 *     event_id   UUID NOT NULL,
 *     handled_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
 *     PRIMARY KEY (consumer, event_id)
 * );
 * CREATE INDEX handled_event_by_age ON handled_event (handled_at);
 * --rollback DROP TABLE handled_event;
 * }</pre>
 *
 * <p>One that consumes queues needs the outbox too, since dead letters leave by it, and this:
 *
 * <pre>{@code
 * -- Messages that could not be handled yet, with the time of their next attempt (platform/messaging).
 * CREATE TABLE parked_message (
 *     id          UUID PRIMARY KEY,
 *     queue       TEXT NOT NULL,
 *     exchange    TEXT NOT NULL,
 *     routing_key TEXT NOT NULL,
 *     message_id  TEXT,
 *     redriven    BOOLEAN NOT NULL,
 *     body        BYTEA NOT NULL,
 *     attempts    INTEGER NOT NULL,
 *     reason      TEXT NOT NULL,
 *     parked_at   TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
 *     next_at     TIMESTAMPTZ NOT NULL
 * );
 * CREATE INDEX parked_message_due ON parked_message (next_at);
 * --rollback DROP TABLE parked_message;
 * }</pre>
 *
 * <p>No health check asks the broker: with outbox and queues no request needs it.
 */
@NullMarked
package org.vitrina.messaging;

import org.jspecify.annotations.NullMarked;

/**
 * Changes that a caller may repeat with the same key, and that are made once.
 *
 * <p>A record belongs to (user, operation, key) and knows a fingerprint of what was asked. A service copies this table into a
 * change set of its own:
 *
 * <pre>{@code
 * CREATE TABLE idempotency_record (
 *     user_id     INTEGER     NOT NULL,
 *     operation   TEXT        NOT NULL,
 *     key         TEXT        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
 *     fingerprint BYTEA       NOT NULL,
 *     -- what the change made, such as an order's id; for the service's own use
 *     subject     UUID,
 *     -- the answer to repeat; null while the change is being made
 *     status      SMALLINT,
 *     answer      TEXT,
 *     -- until then whoever claimed the key is taken to be at work
 *     lease_until TIMESTAMPTZ NOT NULL,
 *     created_at  TIMESTAMPTZ NOT NULL DEFAULT now(),
 *     PRIMARY KEY (user_id, operation, key)
 * );
 * CREATE INDEX idempotency_record_age ON idempotency_record (created_at);
 * }</pre>
 *
 * <p>A change that is one transaction claims its key and keeps its answer in that same transaction; when it fails, nothing of
 * the key remains, so that it is free again:
 *
 * <pre>{@code
 * @WithTransaction
 * Uni<KeptAnswer> topUp(KeyScope scope, Fingerprint fingerprint, Money amount) {
 *     return records.once(scope, fingerprint, () -> ledger.book(amount).map(balance -> new KeptAnswer(201, json(balance))));
 * }
 * }</pre>
 *
 * <p>A twin that comes while the first is at work waits for it in the database. A change that spans several transactions
 * claims with a lease and waits for twins with {@link org.vitrina.persistence.idempotency.InFlightRequests}.
 */
@NullMarked
package org.vitrina.persistence.idempotency;

import org.jspecify.annotations.NullMarked;

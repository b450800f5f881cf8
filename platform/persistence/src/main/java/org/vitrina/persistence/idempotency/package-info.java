/**
 * Changes that a caller may repeat with the same key, and that are made once.
 *
 * <p>A record belongs to (user, operation, key) and knows a fingerprint of what was asked.
 * The table is brought by change sets of this module ({@code db/platform/idempotency_record}); a service lists it in its own
 * change log ({@code NNNN-platform.txt}). Only this module writes it; a service's SQL calls {@code claim_idempotency_key} and
 * {@code free_idempotency_key}.
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
 * <p>A repetition that comes while the first is being served waits for it in the database. A change that spans several transactions
 * claims with a lease and waits for the one in flight with {@link org.vitrina.persistence.idempotency.InFlightRequests}.
 */
@NullMarked
package org.vitrina.persistence.idempotency;

import org.jspecify.annotations.NullMarked;

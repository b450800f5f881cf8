package org.vitrina.persistence.idempotency;

/**
 * Where a key counts: the same key of another user, or for another operation, is another one.
 *
 * @param operation the service's own short name, such as {@code place-order}
 * @param key as {@code IdempotencyKey} has it
 */
public record KeyScope(int userId, String operation, String key) {}

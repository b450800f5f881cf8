package org.vitrina.persistence.idempotency;

/**
 * Where a key counts: the same key of another user, or for another operation, is another one.
 *
 * @param operation the service's own short name, such as {@code place-order}
 * @param key as {@code IdempotencyKey} has it, and as a new record has it
 * @param quoted the key's quoted spelling: records of releases that took the quotes for a part of it are found under that
 * @param sentQuoted whether the caller spelled it so: where such a caller used both spellings for two changes, each finds
 *     its own
 */
public record KeyScope(int userId, String operation, String key, String quoted, boolean sentQuoted) {}

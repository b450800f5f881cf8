package org.vitrina.persistence.idempotency;

/**
 * An answer that is given again when its request is repeated.
 *
 * @param status the HTTP status of the first answer
 * @param body the service's own text, such as the JSON that was sent
 * @param replayed whether it was given before: then it is sent with {@code Idempotent-Replayed: true}
 */
public record KeptAnswer(int status, String body, boolean replayed) {
    /** The answer to a request that was made just now. */
    public KeptAnswer(int status, String body) {
        this(status, body, false);
    }
}

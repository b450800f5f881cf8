package org.vitrina.predictions;

import java.time.Instant;

/**
 * How far a recomputation of all products is.
 *
 * @param run its number
 * @param state {@code sending}, then {@code waiting} for answers, then {@code done}
 * @param products how many there were to predict when it began
 * @param sent how many are in the model's queue, or in the outbox before it
 * @param answered how many have a prediction at least as new as this recomputation's
 */
record Recomputation(long run, String state, long products, long sent, long answered, Instant startedAt) {
    static Recomputation of(long run, long products, long sent, long answered, Instant startedAt, boolean allSent) {
        String state = !allSent ? "sending" : answered < sent ? "waiting" : "done";
        return new Recomputation(run, state, products, sent, answered, startedAt);
    }
}

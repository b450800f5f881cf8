package org.vitrina.contracts;

import java.time.Duration;

/**
 * What became of a rule.
 *
 * @param happened with {@link Outcome#BROKEN} what was asked and what came, with {@link Outcome#NOT_JUDGED} what is needed;
 *     else empty
 */
public record Verdict(Rule rule, Outcome outcome, String happened, Duration took) {
    /** Kept, broken, or not judged. */
    public enum Outcome {
        KEPT("kept"),
        BROKEN("BROKEN"),
        NOT_JUDGED("not judged");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    boolean is(Outcome other) {
        return outcome == other;
    }
}

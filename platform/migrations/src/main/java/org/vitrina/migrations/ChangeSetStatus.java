package org.vitrina.migrations;

/**
 * How one change set stands.
 *
 * @param id its id, such as {@code 0002-product-index}
 * @param file name of the SQL file that it is, or was, in
 */
public record ChangeSetStatus(String id, String file, State state) {
    /** What a change set can be; {@code up} refuses the last three. */
    public enum State {
        APPLIED("applied"),
        PENDING("pending"),
        CONTEXT_OFF("off (its context is not turned on)"),
        NEWER_COMPATIBLE("applied by a newer release, compatible"),
        EDITED("EDITED after it was applied"),
        LATE("LATE: not applied, though a newer one is"),
        UNKNOWN("UNKNOWN: applied, not in this change log and not compatible");

        private final String text;

        State(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        boolean refused() {
            return this == EDITED || this == LATE || this == UNKNOWN;
        }
    }
}

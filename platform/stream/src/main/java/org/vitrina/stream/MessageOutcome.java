package org.vitrina.stream;

/** What is to happen with a message that was looked at; in each case it is acknowledged afterwards. */
public sealed interface MessageOutcome {
    /** Nothing more. */
    record Done() implements MessageOutcome {}

    /**
     * The answer goes to a fan-out exchange, with confirm.
     *
     * @param exchange its name without the prefix of the install
     * @param body JSON; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // thousands a second: never compared, never copied
    record Send(String exchange, byte[] body) implements MessageOutcome {}

    /**
     * It goes to {@code <queue>.dlq} as it is, with confirm.
     *
     * @param reason for whoever reads the dead letters
     */
    record Dead(String reason) implements MessageOutcome {}
}

package org.vitrina.stream;

import org.jspecify.annotations.Nullable;

/** What is to happen with a message that was looked at; in each case it is acknowledged afterwards. */
public sealed interface MessageOutcome {
    /** Nothing more. */
    record Done() implements MessageOutcome {}

    /**
     * The answer goes to a fan-out exchange, with confirm.
     *
     * @param exchange its name without the prefix of the install
     * @param body JSON; not to be changed
     * @param reply who gets a copy, once, without confirm; null for nobody
     */
    @SuppressWarnings("ArrayRecordComponent") // thousands a second: never compared, never copied
    record Send(String exchange, byte[] body, @Nullable Reply reply) implements MessageOutcome {}

    /**
     * A client's own queue, named by it.
     *
     * @param queue {@code amq.gen-*} or {@code client.*}: to another name nothing is sent
     * @param correlationId by which the client knows its question; null for none
     */
    record Reply(String queue, @Nullable String correlationId) {}

    /**
     * It goes to {@code <queue>.dlq} as it is, with confirm.
     *
     * @param reason for whoever reads the dead letters
     */
    record Dead(String reason) implements MessageOutcome {}
}

package org.vitrina.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * A message as it came out of a queue.
 *
 * @param body its bytes, whatever they are; not to be changed
 * @param replyTo the queue that its sender wants the answer in; null for none
 * @param correlationId by which the sender knows the answer; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // thousands a second: never compared, never copied
public record StreamMessage(byte[] body, @Nullable String replyTo, @Nullable String correlationId) {
    /** The body as UTF-8. */
    public String text() {
        return new String(body, UTF_8);
    }
}

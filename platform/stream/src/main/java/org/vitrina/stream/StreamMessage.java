package org.vitrina.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A message as it came out of a queue.
 *
 * @param body its bytes, whatever they are; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // thousands a second: never compared, never copied
public record StreamMessage(byte[] body) {
    /** The body as UTF-8. */
    public String text() {
        return new String(body, UTF_8);
    }
}

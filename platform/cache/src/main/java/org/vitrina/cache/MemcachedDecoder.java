package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Reads memcached's replies to {@link MemcachedProtocol}'s commands and makes one array of the replies to the keys of one
 * look-up.
 */
final class MemcachedDecoder extends ReplyDecoder {
    private static final int LONGEST_LINE = 2048;

    private final ReplySink sink;
    private final int largestValue;
    /** Keys of the look-up being answered that have no reply yet; zero between look-ups. */
    private int remaining;

    MemcachedDecoder(ReplySink sink, int largestValue) {
        super(1, LONGEST_LINE);
        this.sink = sink;
        this.largestValue = largestValue;
    }

    @Override
    void value(ByteBuf value) {
        sink.element(value);
        answered();
    }

    @Override
    void line(ByteBuf in, int length) {
        String line = in.readCharSequence(length, StandardCharsets.US_ASCII).toString();
        in.skipBytes(2);
        if (line.startsWith("VA ")) {
            begin();
            awaitValue(size(line));
        } else if (line.equals("EN")) {
            begin();
            sink.element(null);
            answered();
        } else if (remaining == 0 && (line.startsWith("HD") || line.startsWith("NF") || line.startsWith("NS"))) {
            sink.line('+', line);
        } else if (remaining == 0 && (line.startsWith("SERVER_ERROR") || line.startsWith("CLIENT_ERROR"))) {
            sink.line('-', line);
        } else {
            throw garbage("an unknown kind of reply");
        }
    }

    private void begin() {
        if (remaining == 0) {
            remaining = sink.expected();
            if (remaining == 0 || !sink.array(remaining)) {
                throw garbage("a value nobody asked for");
            }
        }
    }

    private void answered() {
        remaining--;
        if (remaining == 0) {
            sink.arrayEnd();
        }
    }

    private int size(String line) {
        int end = line.indexOf(' ', 3);
        try {
            int size = Integer.parseUnsignedInt(line, 3, end < 0 ? line.length() : end, 10);
            if (size >= 0 && size <= largestValue) {
                return size;
            }
        } catch (NumberFormatException noNumber) {
            // told below
        }
        throw garbage("a value of a size that is never written");
    }
}

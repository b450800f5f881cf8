package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the replies that the cache's own commands can get (RESP2: simple strings, errors, integers, arrays of bulk
 * strings).
 */
final class RespDecoder extends ReplyDecoder {
    private static final int LONGEST_LINE = 4096;
    private static final byte[] EMPTY = {};

    private final ReplySink sink;
    private final int largestValue;
    private final boolean numbers;
    /** Elements still to come of the array being read; zero between replies. */
    private int remaining;

    RespDecoder(ReplySink sink, int largestValue) {
        this(sink, largestValue, false);
    }

    /** @param numbers whether an element may be an integer, as in what is pushed to a subscriber */
    RespDecoder(ReplySink sink, int largestValue, boolean numbers) {
        super(2, LONGEST_LINE);
        this.numbers = numbers;
        this.sink = sink;
        this.largestValue = largestValue;
    }

    @Override
    void value(ByteBuf value) {
        element(value);
    }

    @Override
    void line(ByteBuf in, int length) {
        char type = (char) in.readByte();
        if (type == '$' || type == '*') {
            int number = number(in, length - 1);
            in.skipBytes(2);
            begin(type, number);
        } else if (remaining == 0 && (type == '+' || type == '-' || type == ':')) {
            String text =
                    in.readCharSequence(length - 1, StandardCharsets.UTF_8).toString();
            in.skipBytes(2);
            sink.line(type, text);
        } else if (remaining > 0 && numbers && type == ':') {
            ByteBuf number = in.readSlice(length - 1);
            in.skipBytes(2);
            element(number);
        } else {
            throw garbage("an unknown kind of reply");
        }
    }

    private void begin(char type, int number) {
        if (type == '*') {
            if (remaining > 0 || number < 1 || !sink.array(number)) {
                throw garbage("an array nobody asked for");
            }
            remaining = number;
        } else if (remaining == 0) {
            throw garbage("a bulk string nobody asked for");
        } else if (number == -1) {
            element(null);
        } else if (number < 0 || number > largestValue) {
            throw garbage("a value of a size that is never written");
        } else {
            awaitValue(number);
        }
    }

    private void element(@Nullable ByteBuf value) {
        remaining--;
        sink.element(value);
        if (remaining == 0) {
            sink.arrayEnd();
        }
    }

    private int number(ByteBuf in, int digits) {
        if (digits < 1 || digits > 10) {
            throw garbage("a length that is none");
        }
        boolean negative = in.getByte(in.readerIndex()) == '-';
        if (negative) {
            in.skipBytes(1);
        }
        long number = 0;
        for (int i = negative ? 1 : 0; i < digits; i++) {
            int digit = in.readByte() - '0';
            if (digit < 0 || digit > 9) {
                throw garbage("a length that is none");
            }
            number = number * 10 + digit;
        }
        if (number > Integer.MAX_VALUE || (negative && digits == 1)) {
            throw garbage("a length that is none");
        }
        return (int) (negative ? -number : number);
    }

    // the commands' side of the same protocol

    static void arrayHeader(ByteBuf out, int size) {
        out.writeByte('*');
        writeNumber(out, size);
    }

    static void bulk(ByteBuf out, byte[] first, byte[] second) {
        out.writeByte('$');
        writeNumber(out, first.length + second.length);
        out.writeBytes(first).writeBytes(second).writeByte('\r').writeByte('\n');
    }

    static void bulk(ByteBuf out, byte[] only) {
        bulk(out, only, EMPTY);
    }

    private static void writeNumber(ByteBuf out, int number) {
        out.writeBytes(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
        out.writeByte('\r').writeByte('\n');
    }
}

package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads memcached's replies to {@link MemcachedProtocol}'s commands and makes one array of the replies to the keys of one
 * look-up. Anything else, or anything too large, is garbage: it throws, and the connection is closed.
 */
final class MemcachedDecoder extends ByteToMessageDecoder {
    private static final int LONGEST_LINE = 2048;

    private final ReplySink sink;
    private final int largestValue;
    /** Keys of the look-up being answered that have no reply yet; zero between look-ups. */
    private int remaining;
    /** Length of the value being read, negative for none. */
    private int bulk = -1;

    private boolean garbage;

    MemcachedDecoder(ReplySink sink, int largestValue) {
        this.sink = sink;
        this.largestValue = largestValue;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (garbage) {
            in.skipBytes(in.readableBytes());
            return;
        }
        boolean complete = true;
        while (complete && in.isReadable()) {
            complete = bulk >= 0 ? readValue(in) : readLine(in);
        }
    }

    /** False when more bytes are needed. */
    private boolean readValue(ByteBuf in) {
        if (in.readableBytes() < bulk + 2) {
            return false;
        }
        int end = in.readerIndex() + bulk;
        if (in.getByte(end) != '\r' || in.getByte(end + 1) != '\n') {
            throw garbage("a value without its end");
        }
        ByteBuf value = in.readSlice(bulk);
        in.skipBytes(2);
        bulk = -1;
        sink.element(value);
        answered();
        return true;
    }

    /** False when more bytes are needed. */
    private boolean readLine(ByteBuf in) {
        int length = in.bytesBefore((byte) '\n');
        if (length < 0 || length > LONGEST_LINE) {
            if (in.readableBytes() > LONGEST_LINE) {
                throw garbage("a line without end");
            }
            return false;
        }
        if (length < 1 || in.getByte(in.readerIndex() + length - 1) != '\r') {
            throw garbage("an empty line");
        }
        String line = in.readCharSequence(length - 1, StandardCharsets.US_ASCII).toString();
        in.skipBytes(2);
        if (line.startsWith("VA ")) {
            begin();
            bulk = size(line);
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
        return true;
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

    private CorruptedFrameException garbage(String what) {
        garbage = true;
        return new CorruptedFrameException(what);
    }
}

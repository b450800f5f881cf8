package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;

/**
 * What the replies of the caches' servers have in common: lines that end with CR LF, some of which say the length of a value
 * that follows. What is anything else, or too large, is garbage: it throws, and the connection is closed.
 */
abstract class ReplyDecoder extends ByteToMessageDecoder {
    private final int longestLine;
    private final int shortestLine;
    /** Length of the value being read, negative for none. */
    private int bulk = -1;

    private boolean garbage;

    /** Both without the LF, with the CR. */
    ReplyDecoder(int shortestLine, int longestLine) {
        this.shortestLine = shortestLine;
        this.longestLine = longestLine;
    }

    /** A line of {@code length} bytes before its CR is next; it and its end are to be taken. */
    abstract void line(ByteBuf in, int length);

    /** The value that {@link #awaitValue} awaited, valid during the call only. */
    abstract void value(ByteBuf value);

    /** Behind this line comes a value of so many bytes, and CR LF. */
    final void awaitValue(int length) {
        bulk = length;
    }

    @Override
    protected final void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
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
        value(value);
        return true;
    }

    /** False when more bytes are needed. */
    private boolean readLine(ByteBuf in) {
        int length = in.bytesBefore((byte) '\n');
        if (length < 0 || length > longestLine) {
            if (in.readableBytes() > longestLine) {
                throw garbage("a line without end");
            }
            return false;
        }
        if (length < shortestLine || in.getByte(in.readerIndex() + length - 1) != '\r') {
            throw garbage("an empty line");
        }
        line(in, length - 1);
        return true;
    }

    final CorruptedFrameException garbage(String what) {
        garbage = true;
        return new CorruptedFrameException(what);
    }
}

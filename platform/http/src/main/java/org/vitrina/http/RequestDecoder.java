package org.vitrina.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's decoder, which knows how much it keeps of an unfinished request, begins none before the one before it is
 * answered, and refuses a body with two lengths (RFC 9112, 6.1) instead of choosing one.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {
    /** What a header line takes as objects, beside its characters. */
    private static final int HEADER_SIZE = 128;

    /** Bytes of the message being read that have been taken out of the buffer. */
    private int taken;

    private @Nullable HttpMessage head;
    /** Header lines of the message whose body is being read. */
    private int linesOfHead;
    /** Bytes of its body taken since the last piece of content: sizes of chunks, trailers. */
    private int silent;

    private boolean waiting;
    private boolean ended;

    RequestDecoder(HttpServerOptions options) {
        super(options);
    }

    /**
     * The next request is left in the buffer until {@link #goOn}.
     *
     * @param last whether there is no next one: what comes from now on is dropped
     */
    void waitForAnswer(boolean last) {
        waiting = true;
        if (last) {
            end();
        }
    }

    void goOn() {
        waiting = false;
    }

    boolean isWaiting() {
        return waiting;
    }

    /** What comes from now on is dropped. */
    void end() {
        ended = true;
        head = null;
        taken = 0;
        linesOfHead = 0;
        silent = 0;
    }

    /** What has been taken of a body without any content in it, and is kept as objects: sizes of chunks, trailers. */
    int silent() {
        return silent;
    }

    /** Whether there are bytes that have not been looked at and will be. */
    boolean hasBytes() {
        return !ended && internalBuffer().isReadable();
    }

    /** What there is of a head that has not come whole; null where none has begun. */
    @Nullable
    HttpRequest begun() {
        return head instanceof HttpRequest request ? request : null;
    }

    /** Whether a request has begun and not ended. */
    boolean isWithin() {
        return taken > 0 || (!waiting && hasBytes());
    }

    /** What has not been looked at. */
    int unread() {
        return hasBytes() ? internalBuffer().capacity() : 0;
    }

    /** What has been taken of the message being read. */
    int taken() {
        return taken + HEADER_SIZE * (linesOfHead + lines());
    }

    /** How many header lines have come of a head that is not there yet. */
    int lines() {
        int lines = 0;
        if (head != null) {
            for (var each = head.headers().iteratorCharSequence(); each.hasNext(); each.next()) {
                lines++;
            }
        }
        return lines;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (ended) {
            ReferenceCountUtil.release(message);
        } else {
            super.channelRead(context, message);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (ended) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (taken == 0) {
            if (waiting) {
                return;
            }
            skipBlankLines(in);
        }
        int before = in.readableBytes();
        int had = out.size();
        boolean inBody = taken > 0 && head == null;
        super.decode(context, in, out);
        int used = before - in.readableBytes();
        taken += used;
        if (out.size() == had) {
            silent += inBody ? used : 0;
        } else {
            silent = 0;
            if (out.get(out.size() - 1) instanceof LastHttpContent) {
                taken = 0;
                linesOfHead = 0;
            } else if (head != null) {
                linesOfHead = lines();
            }
            head = null;
        }
    }

    /** A client may send some after a body (RFC 9112, 2.2); they do not begin a request. */
    private static void skipBlankLines(ByteBuf in) {
        while (in.isReadable()) {
            byte next = in.getByte(in.readerIndex());
            if (next != '\r' && next != '\n') {
                return;
            }
            in.skipBytes(1);
        }
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        HttpMessage made = super.createMessage(initialLine);
        head = made;
        return made;
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
    }
}

package org.vitrina.overload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request beyond the limit where its head has been read, before anything is made for it: between Netty's codec
 * and Vert.x, on a connection of HTTP/1.1 whose earlier requests have all been answered. What is not plain (a body, an
 * event stream, a last request of its connection) goes the usual way and is rejected there, with the same answer.
 *
 * <p>One for each connection, confined to its event loop.
 */
public final class EarlyRefusal extends ChannelDuplexHandler {
    private static final String NAME = "early-refusal";
    private static final String CODEC = "httpEncoder";
    private static final String VERTX = "handler";

    /** Bytes of an answer whose path and id have the usual length. */
    private static final int USUAL_SIZE = 640;

    /** Says what is answered to a request that may not come in. */
    public interface Gate {
        /** The answer as it is sent, or null to let the request in. */
        @Nullable
        String refusal(HttpRequest request);
    }

    private final Gate gate;
    private final ChannelHandlerContext codec;
    /** Requests that Vert.x has been given and not answered; it comes into the connection with the first of them. */
    private int open = 1;

    private boolean dropping;
    private boolean written;

    private EarlyRefusal(Gate gate, ChannelHandlerContext codec) {
        this.gate = gate;
        this.codec = codec;
    }

    /**
     * Puts one into a connection that begins to serve its first request (so that no other waits in Vert.x), and none into
     * one that has it or is made otherwise.
     */
    public static void install(ChannelPipeline connection, Gate gate) {
        if (connection.get(NAME) != null) {
            return;
        }
        ChannelHandlerContext codec = connection.context(CODEC);
        if (codec != null && connection.get(VERTX) != null) {
            connection.addBefore(VERTX, NAME, new EarlyRefusal(gate, codec));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (dropping) {
            dropping = !(message instanceof LastHttpContent);
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            if (open == 0 && isPlain(request) && context.channel().isWritable()) {
                String answer = gate.refusal(request);
                if (answer != null) {
                    dropping = !(message instanceof LastHttpContent);
                    ReferenceCountUtil.release(message);
                    write(context, answer);
                    return;
                }
            }
            open++;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (written) {
            written = false;
            codec.flush();
        }
        context.fireChannelReadComplete();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is the writer's
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof LastHttpContent && !interim) {
            open--;
        }
        context.write(message, promise);
    }

    /** Past the encoder, which takes no bytes where an answer's head is due. */
    @SuppressWarnings("FutureReturnValueIgnored") // a write that fails is told to the pipeline
    private void write(ChannelHandlerContext context, String answer) {
        ByteBuf bytes = context.alloc().buffer(USUAL_SIZE);
        ByteBufUtil.writeUtf8(bytes, answer);
        codec.write(bytes, codec.voidPromise());
        written = true;
    }

    private static boolean isPlain(HttpRequest request) {
        HttpHeaders headers = request.headers();
        String connection = headers.get(HttpHeaderNames.CONNECTION);
        return HttpVersion.HTTP_1_1.equals(request.protocolVersion())
                && request.decoderResult().isSuccess()
                && !HttpMethod.HEAD.equals(request.method())
                && !HttpMethod.CONNECT.equals(request.method())
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && (connection == null || HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(connection))
                && !headers.contains(HttpHeaderNames.UPGRADE)
                && !headers.contains(HttpHeaderNames.EXPECT);
    }
}

package org.vitrina.overload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Parks or answers a request beyond the limit where its head has been read, before anything is made for it: between Netty's
 * codec and Vert.x, on a connection of HTTP/1.1 whose earlier requests have all been answered. What is not plain (a body,
 * an event stream, a last request of its connection) goes the usual way and waits there, with the same answers.
 *
 * <p>One for each connection, confined to its event loop. So it also knows when the connection is old enough to end.
 */
public final class EarlyAdmission extends ChannelDuplexHandler {
    private static final String NAME = "early-admission";
    private static final String CODEC = "httpEncoder";
    private static final String VERTX = "handler";

    /** What a parked request takes beside its head: objects of Netty and of the queue. */
    private static final int PARKED_SIZE = 1024;

    /** How long a connection that ends waits for its client to close, so that its last answer is read before. */
    private static final long LINGER_MILLIS = 1000;

    /** Decides on the requests that may be parked or refused here. */
    public interface Gate {
        /** Whether the request takes part; one that does not goes the usual way. */
        boolean takes(HttpRequest request);

        /** How long it may wait, in nanoseconds. */
        long longestWait(HttpRequest request);

        /**
         * The answer to a request that is too much, as it is sent.
         *
         * @param last whether the connection ends with it
         */
        String refusal(HttpRequest request, boolean last);
    }

    /** What stands before it and may give one request at a time. */
    public interface Reader {
        /** Gives all requests as they come. */
        Reader PLAIN = new Reader() {
            @Override
            public void answered() {}

            @Override
            public boolean hasMore() {
                return false;
            }

            @Override
            public boolean hasEnded() {
                return false;
            }
        };

        /** A request was answered here, which no handler before Vert.x sees. */
        void answered();

        /** Whether more has come that it has not given. */
        boolean hasMore();

        /** Whether it gives no more than what it gave last, which is to be answered so that the connection can end. */
        boolean hasEnded();
    }

    private final Gate gate;
    private final AdmissionQueue queue;
    private final ChannelHandlerContext codec;
    private final long leaveAt;
    private final Reader reader;
    /** Requests that Vert.x has been given and not answered; it comes into the connection with the first of them. */
    private int open = 1;

    private @Nullable Parked parked;
    /** The request that Vert.x is being given, which has its place. */
    private @Nullable WaitingRequest admitted;
    /** What has come since the head of the parked request. */
    private final Queue<Object> held = new ArrayDeque<>(1);

    private boolean stoppedReading;
    private boolean dropping;
    private boolean written;
    /** Vert.x is being given a request, whose end it has not seen. */
    private boolean receiving = true;

    private boolean lastAnswer;
    private boolean leaving;

    private EarlyAdmission(
            Gate gate, AdmissionQueue queue, ChannelHandlerContext codec, long maxAgeNanos, Reader reader) {
        this.gate = gate;
        this.queue = queue;
        this.codec = codec;
        this.reader = reader;
        this.leaveAt = System.nanoTime() + maxAgeNanos;
    }

    /** The one of this connection, or null where it has none. */
    public static @Nullable EarlyAdmission of(ChannelPipeline connection) {
        ChannelHandler known = connection.get(NAME);
        if (known instanceof EarlyAdmission ours) {
            return ours;
        }
        if (known != null) {
            // quarkus:dev has loaded the program anew: this connection's is of the one before
            connection.remove(NAME);
        }
        return null;
    }

    /**
     * Puts one into a connection that begins to serve its first request, so that no other waits in Vert.x; null where the
     * connection is made otherwise.
     *
     * @param reader what gives it the requests
     */
    public static @Nullable EarlyAdmission install(
            ChannelPipeline connection, Gate gate, AdmissionQueue queue, long maxAgeNanos, Reader reader) {
        ChannelHandlerContext codec = connection.context(CODEC);
        if (codec == null || connection.get(VERTX) == null) {
            return null;
        }
        var made = new EarlyAdmission(gate, queue, codec, maxAgeNanos, reader);
        connection.addBefore(VERTX, NAME, made);
        return made;
    }

    /** What the request that begins now waited as; null if it did not wait here and has no place yet. */
    public @Nullable WaitingRequest takeAdmitted() {
        WaitingRequest one = admitted;
        admitted = null;
        return one;
    }

    /** Whether the connection is old and the answer being made is the last that it owes. */
    public boolean mayLeave() {
        return open <= 1 && held.isEmpty() && !reader.hasMore() && System.nanoTime() - leaveAt >= 0;
    }

    /** The answer being made is the last: once it is written the connection ends, and its client can read it first. */
    public void leaveAfterAnswer() {
        lastAnswer = true;
    }

    private void leave() {
        leaving = true;
        // an empty buffer behind the answer: it is out when that is
        var unused = codec.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> end(codec.channel()));
    }

    /**
     * Ends a connection whose last answer is written: closes the own side and, later, the whole, since what comes in
     * meanwhile must not turn the end into a reset.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // whether it is open still does not matter
    public static void end(Channel channel) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
            channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (leaving && !receiving) {
            ReferenceCountUtil.release(message);
        } else if (parked != null) {
            hold(context, message);
        } else if (dropping) {
            dropping = !(message instanceof LastHttpContent);
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            if (goesOn(context, request)) {
                begin(context, request);
            }
        } else {
            receiving = receiving && !(message instanceof LastHttpContent);
            context.fireChannelRead(message);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        open++;
        receiving = !(request instanceof LastHttpContent);
        context.fireChannelRead(request);
    }

    private boolean goesOn(ChannelHandlerContext context, HttpRequest request) {
        if (open != 0
                || reader.hasEnded()
                || !isPlain(request)
                || !context.channel().isWritable()
                || !gate.takes(request)) {
            return true;
        }
        if (queue.isOpen()) {
            return true;
        }
        var waiting = new Parked(context, request, gate.longestWait(request));
        parked = waiting;
        if (!queue.offer(waiting)) {
            parked = null;
            refuse(context, request);
        }
        return false;
    }

    private void hold(ChannelHandlerContext context, Object message) {
        boolean next = !held.isEmpty();
        held.add(message);
        if (next && !stoppedReading) {
            // its next request already: that may wait in the socket
            stopReading(context);
        }
    }

    private void stopReading(ChannelHandlerContext context) {
        stoppedReading = true;
        context.channel().config().setAutoRead(false);
    }

    private void admit(ChannelHandlerContext context, Parked one) {
        parked = null;
        admitted = one;
        begin(context, one.request);
        if (admitted == one) {
            // it was answered before our code saw it
            admitted = null;
            queue.end(one);
        }
        readOn(context);
    }

    private void refuse(ChannelHandlerContext context, HttpRequest request) {
        dropping = !(request instanceof LastHttpContent);
        ReferenceCountUtil.release(request);
        while (dropping && !held.isEmpty()) {
            Object rest = held.remove();
            dropping = !(rest instanceof LastHttpContent);
            ReferenceCountUtil.release(rest);
        }
        boolean last = mayLeave();
        byte[] answer = gate.refusal(request, last).getBytes(StandardCharsets.UTF_8);
        // as the socket takes it: another one would be copied into such a one
        ByteBuf bytes = context.alloc().directBuffer(answer.length).writeBytes(answer);
        // past the encoder, which takes no bytes where an answer's head is due; a write that fails is told to the
        // pipeline
        if (last) {
            var unused = codec.write(bytes);
            leave();
        } else {
            var unused = codec.write(bytes, codec.voidPromise());
            written = true;
        }
        reader.answered();
    }

    /** Goes on with what came while a request was parked. */
    private void readOn(ChannelHandlerContext context) {
        if (stoppedReading) {
            stoppedReading = false;
            context.channel().config().setAutoRead(true);
        }
        // one that is refused in its turn takes its rest from what is held; one that is parked leaves the rest there,
        // behind it
        while (parked == null && !held.isEmpty()) {
            channelRead(context, held.remove());
        }
        if (held.size() > 1) {
            stopReading(context);
        }
        channelReadComplete(context);
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
    public void channelInactive(ChannelHandlerContext context) {
        Parked gone = parked;
        if (gone != null) {
            parked = null;
            queue.end(gone);
            ReferenceCountUtil.release(gone.request);
        }
        while (!held.isEmpty()) {
            ReferenceCountUtil.release(held.remove());
        }
        context.fireChannelInactive();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is the writer's
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        context.write(message, promise);
        if (message instanceof LastHttpContent && !interim) {
            open--;
            if (lastAnswer) {
                leave();
            }
        }
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

    private static int size(HttpRequest request) {
        int size = PARKED_SIZE + request.uri().length();
        var headers = request.headers().iteratorCharSequence();
        while (headers.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = headers.next();
            size += header.getKey().length() + header.getValue().length();
        }
        return size;
    }

    private final class Parked extends WaitingRequest {
        private final ChannelHandlerContext context;
        private final HttpRequest request;

        Parked(ChannelHandlerContext context, HttpRequest request, long longestWait) {
            super(System.nanoTime(), longestWait, size(request));
            this.context = context;
            this.request = request;
        }

        @Override
        protected void admitted() {
            context.executor().execute(() -> {
                if (parked == this) {
                    admit(context, this);
                } else {
                    queue.end(this);
                }
            });
        }

        @Override
        protected void refused() {
            context.executor().execute(() -> {
                if (parked == this) {
                    parked = null;
                    refuse(context, request);
                    readOn(context);
                }
            });
        }
    }
}

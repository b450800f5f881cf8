package org.vitrina.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vitrina.overload.EarlyAdmission;

/**
 * Hands a request to Vert.x when it has come whole: until then it takes no place, and costs what it holds of {@link
 * HeldBytes}. Between codec and Vert.x on every connection of HTTP/1. One request at a time: the next is read when the
 * one before is answered and its answer is on its way. What is not whole by its deadline, {@code
 * vitrina.web.max-receive-time} after its first byte at the latest, is answered 408; what is not framed as it must be
 * ({@link Framing}) 4xx or 5xx; the connection ends with either. Vert.x is given a head for that too, so that such an answer
 * is made, counted and completed as every other.
 *
 * <p>A body larger than any that is accepted is not kept: its head goes on at once and its bytes as they come.
 *
 * <p>One for each connection, confined to its event loop.
 */
final class RequestAssembly extends ChannelDuplexHandler implements EarlyAdmission.Reader {
    static final String NAME = "request-assembly";

    /** A body up to this is part of what any request costs, and not counted while it is worked on. */
    private static final int USUAL_BODY = 1024;

    private static final int FIRST_BUFFER = 512;
    /** What may come of trailers, or of the size of one chunk. */
    private static final int MAX_SILENT = 4096;
    /** What may wait behind a request, where memory is short: more than a read or two leave there. */
    private static final int MAX_BEHIND = 64 * 1024;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final RequestRules rules;
    private final HeldBytes budget;
    private final RequestDecoder decoder;
    private final ChannelHandlerContext decoding;
    private final ChannelHandlerContext encoding;
    private final ReceiveTime time;

    /** The request whose body is not there yet. */
    private @Nullable HttpRequest head;

    private @Nullable ByteBuf body;
    private boolean whole = true;
    /** The body goes on as it comes, since it is too large to be kept. */
    private boolean passing;

    /** Vert.x has a request that it has not answered. */
    private boolean serving;

    private int servedBody;
    private boolean ended;
    private boolean readLater;
    private long held;
    /** When the head of the request came whose body is awaited; its deadline begins there. */
    private long headed;

    private long received;
    /** The answer being made is the last of this connection. */
    private boolean last;
    /** Why what Vert.x was given is refused. */
    private Framing.@Nullable Fault fault;

    RequestAssembly(
            RequestRules rules,
            HeldBytes budget,
            RequestDecoder decoder,
            ChannelHandlerContext decoding,
            ChannelHandlerContext encoding) {
        this.rules = rules;
        this.budget = budget;
        this.decoder = decoder;
        this.decoding = decoding;
        this.encoding = encoding;
        this.time = new ReceiveTime(rules.longestNanos(), this::tooLate);
    }

    /** The one of this connection, or null where it has none. */
    static @Nullable RequestAssembly of(ChannelPipeline connection) {
        return connection.get(NAME) instanceof RequestAssembly ours ? ours : null;
    }

    /** Whether all of the request that Vert.x was given last was there then. */
    boolean isWhole() {
        return whole;
    }

    /** How long its body took to come after its head, in nanoseconds. */
    long receivedNanos() {
        return received;
    }

    /** Why the request that Vert.x was given last is not to be served; null where it is. */
    Framing.@Nullable Fault fault() {
        return fault;
    }

    /** What its body holds of the memory. */
    int bodySize() {
        return servedBody;
    }

    @Override
    public boolean hasMore() {
        return decoder.hasBytes();
    }

    @Override
    public boolean hasEnded() {
        return ended;
    }

    /** The request being served was answered by bytes that did not come through here. */
    @Override
    public void answered() {
        answered(here());
    }

    private ChannelHandlerContext here() {
        return Objects.requireNonNull(encoding.pipeline().context(this));
    }

    private void answered(ChannelHandlerContext context) {
        serving = false;
        servedBody = 0;
        if (last) {
            // the end of the request itself may be on its way; what was sent behind it is dropped
            context.executor().execute(() -> {
                if (!passing) {
                    end();
                }
            });
        } else {
            goOn(context);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            begin(context, request);
        } else if (message instanceof HttpContent content) {
            if (!content.decoderResult().isSuccess()) {
                content.release();
                refuse(context, Framing.BAD_CHUNK);
            } else if (head != null) {
                gather(context, head, content);
            } else {
                boolean passed = passing && content instanceof LastHttpContent;
                context.fireChannelRead(content);
                if (passed) {
                    passing = false;
                    time.end();
                    if (last && !serving) {
                        end();
                    }
                }
            }
        } else {
            context.fireChannelRead(message);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        Framing.Fault fault = Framing.of(request);
        if (fault != null) {
            if (request instanceof LastHttpContent) {
                ReferenceCountUtil.release(request); // nothing of it could be read, and it is not what was sent
            } else {
                head = request;
            }
            refuse(context, fault);
            return;
        }
        long length = HttpUtil.isTransferEncodingChunked(request) ? 1 : HttpUtil.getContentLength(request, 0L);
        if (length == 0) {
            hand(context, request, 0, true);
        } else if (length > rules.maxBody()) {
            hand(context, request, 0, false);
        } else {
            head = request;
            headed = System.nanoTime();
            time.begin();
            time.atMost(headed + rules.deadlineNanos(request));
            if (HttpUtil.is100ContinueExpected(request)) {
                // here, since nothing behind sees it before its body is there
                request.headers().remove(HttpHeaderNames.EXPECT);
                var unused = encoding.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE));
            }
        }
    }

    private void gather(ChannelHandlerContext context, HttpRequest request, HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        int size = content.content().readableBytes();
        ByteBuf before = body;
        if (before == null && last) {
            hand(context, request, size, true);
            context.fireChannelRead(content);
        } else if ((before == null ? 0 : before.readableBytes()) + size > rules.maxBody()) {
            body = null;
            hand(context, request, 0, false);
            passing = !last;
            if (before != null) {
                before.release(); // what follows is dropped too
            }
            context.fireChannelRead(content);
        } else {
            // one buffer on the heap: a chunk of one byte costs no object
            ByteBuf all = before == null ? Unpooled.buffer(Math.max(FIRST_BUFFER, size)) : before;
            body = all;
            all.writeBytes(content.content());
            content.release();
            if (last) {
                body = null;
                hand(context, request, all.capacity(), true);
                context.fireChannelRead(new DefaultLastHttpContent(all));
            }
        }
    }

    private void hand(ChannelHandlerContext context, HttpRequest request, int bodySize, boolean isWhole) {
        received = head == null ? 0 : System.nanoTime() - headed;
        last = !HttpUtil.isKeepAlive(request);
        head = null;
        whole = isWhole;
        passing = !isWhole;
        serving = true;
        servedBody = bodySize > USUAL_BODY ? bodySize : 0;
        time.end();
        decoder.waitForAnswer(last && isWhole);
        context.fireChannelRead(request);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!ended) {
            boolean fits = account();
            if (decoder.silent() > MAX_SILENT) {
                refuse(context, Framing.TOO_MANY_HEADERS);
            } else if (!fits && decoder.unread() > MAX_BEHIND) {
                refuse(context, Framing.TOO_MUCH_HELD);
            } else if (passing && !serving) {
                // answered, and still coming
                time.begin();
                time.watch(context.executor());
            } else if (serving || passing || !decoder.isWithin()) {
                time.end();
            } else if (!fits) {
                refuse(context, Framing.TOO_MUCH_HELD);
            } else if (decoder.lines() > Framing.MAX_LINES) {
                refuse(context, Framing.TOO_MANY_HEADERS);
            } else {
                time.begin();
                time.watch(context.executor());
            }
        }
        context.fireChannelReadComplete();
    }

    /** Counts what is held now; false when that is more than may be. */
    private boolean account() {
        long now = 0;
        if (!ended) {
            // what is taken is kept, unless it goes on as it comes
            now = (long) servedBody + decoder.unread() + (passing ? 0 : decoder.taken());
            now += body == null ? 0 : body.capacity() - body.readableBytes();
        }
        if (now == held) {
            return true;
        }
        boolean fits = budget.change(held, now);
        held = now;
        return fits;
    }

    private void tooLate() {
        ChannelHandlerContext context = here();
        refuse(context, Framing.TOO_LATE);
        context.fireChannelReadComplete();
    }

    /** Has the request that is being read answered, and ends the connection. */
    private void refuse(ChannelHandlerContext context, Framing.Fault why) {
        if (serving || passing) {
            // an answer is under way, or was given: another would be taken for the next one's
            end();
            var unused = context.close();
            return;
        }
        HttpRequest refused = Framing.readable(head == null ? decoder.begun() : head);
        end();
        fault = why;
        hand(context, refused, 0, true);
        context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private void end() {
        ended = true;
        servedBody = 0;
        time.close();
        decoder.end();
        ReferenceCountUtil.release(head);
        head = null;
        ReferenceCountUtil.release(body);
        body = null;
        account();
        if (readLater) {
            // what is unread when a connection is closed makes a reset of its end
            encoding.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
        context.fireChannelInactive();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is the writer's
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof HttpResponse response && !interim) {
            last |= response.headers().contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        }
        context.write(message, promise);
        if (message instanceof LastHttpContent && !interim) {
            answered(context);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        goOn(context);
        context.fireChannelWritabilityChanged();
    }

    /** Reads the next request unless an answer is owed or the caller does not take the last one. */
    private void goOn(ChannelHandlerContext context) {
        if (ended || serving || last || !context.channel().isWritable()) {
            return;
        }
        decoder.goOn();
        if (held != 0) {
            account();
        }
        if (readLater || decoder.hasBytes()) {
            context.executor().execute(() -> decodeOn(context));
        }
    }

    private void decodeOn(ChannelHandlerContext context) {
        if (ended) {
            return;
        }
        try {
            decoder.channelRead(decoding, Unpooled.EMPTY_BUFFER);
            decoder.channelReadComplete(decoding);
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
        if (readLater) {
            context.channel().config().setAutoRead(true); // which asks us again
        }
    }

    /** While a request is served the bytes of one more read are taken at most: enough to see that the caller leaves. */
    @Override
    public void read(ChannelHandlerContext context) {
        readLater = !passing && decoder.isWaiting() && decoder.hasBytes();
        if (readLater) {
            // all that Netty stops for; whoever turns it on again, as Vert.x may, comes by here
            context.channel().config().setAutoRead(false);
        } else {
            context.read();
        }
    }
}

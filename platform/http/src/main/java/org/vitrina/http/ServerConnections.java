package org.vitrina.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Gives each connection of the HTTP port its {@link RequestAssembly} when it is accepted. Neither Vert.x nor Quarkus lets a
 * handler into the pipeline of a server's connections before their first request has been read; the listening channel
 * does.
 */
@Singleton
class ServerConnections {
    private static final String NAME = "server-connections";
    private static final String TLS = "ssl";
    private static final String DECODER = "httpDecoder";
    private static final String ENCODER = "httpEncoder";
    private static final String VERTX = "handler";

    /** From 64 bytes to 16 kB a read, and one read a turn: what is read beyond a request waits in memory. */
    private static final RecvByteBufAllocator READS =
            new AdaptiveRecvByteBufAllocator(64, 1024, 16 * 1024).maxMessagesPerRead(1);

    private final Vertx vertx;
    private final HttpConfig config;
    private final HttpPort port;
    private final HeldBytes budget;
    private final SlowReaders readers;
    private final RequestRules rules;

    ServerConnections(Vertx vertx, HttpConfig config, HttpPort port, HeldBytes budget, Admission admission) {
        this.vertx = vertx;
        this.config = config;
        this.port = port;
        this.budget = budget;
        this.readers = new SlowReaders(budget);
        this.rules = new Rules(
                admission,
                config.maxBody().asLongValue(),
                config.maxReceiveTime().toNanos());
    }

    void listening(@ObservesAsync HttpServerStart started) {
        listening(started.options());
    }

    void listeningWithTls(@ObservesAsync HttpsServerStart started) {
        listening(started.options());
    }

    private void listening(HttpServerOptions given) {
        HttpServerOptions options = new HttpServerOptions(given)
                .setMaxInitialLineLength(Math.toIntExact(config.maxRequestLine().asLongValue()))
                .setMaxHeaderSize(Math.toIntExact(config.maxHeaders().asLongValue()));
        for (EventExecutor loop : ((VertxInternal) vertx).getAcceptorEventLoopGroup()) {
            loop.execute(() -> equip((SingleThreadEventLoop) loop, options));
        }
    }

    private void equip(SingleThreadEventLoop loop, HttpServerOptions options) {
        for (var each = loop.registeredChannelsIterator(); each.hasNext(); ) {
            Channel channel = each.next();
            if (channel instanceof ServerChannel
                    && channel.localAddress() instanceof InetSocketAddress address
                    && address.getPort() == port.get(options.isSsl())) {
                if (channel.pipeline().get(NAME) != null) {
                    // quarkus:dev has loaded the program anew
                    channel.pipeline().remove(NAME);
                }
                channel.pipeline().addFirst(NAME, new Accepting(options));
                for (EventExecutor worker : ((VertxInternal) vertx).getEventLoopGroup()) {
                    worker.execute(() -> endUnequipped((SingleThreadEventLoop) worker, channel));
                }
            }
        }
    }

    /** Whoever was quicker than we were has one answer; what has been read of its connection cannot be told. */
    private static void endUnequipped(SingleThreadEventLoop loop, Channel server) {
        List<Channel> unequipped = new ArrayList<>();
        for (var each = loop.registeredChannelsIterator(); each.hasNext(); ) {
            Channel channel = each.next();
            if (channel.parent() == server
                    && RequestAssembly.of(channel.pipeline()) == null
                    && channel.pipeline().get(Equipping.class) == null
                    && channel.pipeline().get(OneAnswer.class) == null) {
                unequipped.add(channel);
            }
        }
        for (Channel channel : unequipped) {
            if (channel.pipeline().get(VERTX) == null) {
                var unused = channel.close(); // in the handshake of TLS
            } else {
                channel.pipeline().addBefore(VERTX, null, new OneAnswer());
            }
        }
    }

    /** Puts ours into a connection on which nothing has been read; false where it is not (yet) one of HTTP/1. */
    private boolean install(ChannelPipeline connection, RequestDecoder decoder) {
        ChannelHandlerContext encoding = connection.context(ENCODER);
        if (encoding == null || connection.get(DECODER) == null || connection.get(VERTX) == null) {
            return false;
        }
        connection.replace(DECODER, DECODER, decoder);
        connection.addBefore(
                VERTX,
                RequestAssembly.NAME,
                new RequestAssembly(rules, budget, decoder, connection.context(DECODER), encoding));
        connection.addBefore(DECODER, null, new UnreadAnswers(readers));
        return true;
    }

    private record Rules(Admission admission, long maxBody, long longestNanos) implements RequestRules {
        @Override
        public long deadlineNanos(HttpRequest request) {
            return TimeUnit.MILLISECONDS.toNanos(
                    admission.deadlineMillisOrUsual(request.headers().get(Admission.DEADLINE)));
        }
    }

    /** In the pipeline of the listening channel, where connections come by as messages. */
    private final class Accepting extends ChannelInboundHandlerAdapter {
        private final HttpServerOptions options;

        Accepting(HttpServerOptions options) {
            this.options = options;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            if (accepted instanceof Channel connection) {
                connection.config().setRecvByteBufAllocator(READS);
                connection.pipeline().addLast(new Equipping(options));
            }
            context.fireChannelRead(accepted);
        }
    }

    /** In the pipeline of a connection, where its bytes can be read, until its codec is there: at once, or after TLS's handshake. */
    private final class Equipping extends ChannelInboundHandlerAdapter {
        private final HttpServerOptions options;

        Equipping(HttpServerOptions options) {
            this.options = options;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            equip(context);
            context.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            equip(context);
            context.fireChannelRead(message);
        }

        private void equip(ChannelHandlerContext context) {
            ChannelPipeline connection = context.pipeline();
            if (install(connection, new RequestDecoder(options))) {
                connection.remove(this);
            } else if (connection.first() == this && connection.get(TLS) != null) {
                connection.remove(this).addAfter(TLS, null, new Equipping(options));
            }
        }
    }
}

package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What tells each process of topology {@code replicated} that another has invalidated a key: a channel of a Redis
 * (publish/subscribe). A message may be lost while Redis is away, so that whoever subscribes again believes none of its
 * copies from before; until then they live out their time as in topology {@code memory}. All state is of one event loop.
 */
final class InvalidationBus {
    private static final Logger LOG = Logger.getLogger(InvalidationBus.class);
    private static final long PAUSE_MS = 1_000;
    /** A Redis that says nothing for so long, asked every {@link #PAUSE_MS}, is away. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final int LONGEST_MESSAGE = 64 << 10;

    private final CacheServer server;
    private final EventLoop loop;
    private final byte[] channelName;
    private final Map<String, ReplicatedStore<?>> stores = new ConcurrentHashMap<>();
    private @Nullable Channel channel;
    private boolean connecting;
    private long heardAt;
    private volatile boolean subscribed;
    private volatile boolean closed;

    InvalidationBus(Vertx vertx, CacheServer server, String keyPrefix) {
        this.server = server;
        this.loop = ((VertxInternal) vertx).getEventLoopGroup().next();
        this.channelName = bytes(keyPrefix + ":invalidated");
    }

    /** The names of caches have no colon, and a release of another schema version has the same keys. */
    <V> Store<V> attach(CacheSpec<V> spec, MemoryStore<V> memory) {
        ReplicatedStore<V> store = new ReplicatedStore<>(memory, key -> publish(spec.name() + ":" + key));
        stores.put(spec.name(), store);
        return store;
    }

    /** Whether every invalidation that is published now is heard. */
    boolean isSubscribed() {
        return subscribed;
    }

    void start() {
        loop.execute(this::look);
    }

    void close() {
        closed = true;
        loop.execute(this::hangUp);
    }

    private void publish(String what) {
        server.lane(server.writerOf(what)).tell(List.of(bytes("PUBLISH"), channelName, bytes(what)));
    }

    private void heard(String what) {
        int colon = what.indexOf(':');
        ReplicatedStore<?> store = colon < 0 ? null : stores.get(what.substring(0, colon));
        if (store != null) {
            store.removedElsewhere(what.substring(colon + 1));
        }
    }

    /** Connects, or asks whether the connection still lives; again and again. */
    private void look() {
        if (closed) {
            return;
        }
        Channel line = channel;
        if (line == null) {
            connect();
        } else if (System.nanoTime() - heardAt > SILENCE_NANOS) {
            hangUp();
        } else {
            var unused = line.writeAndFlush(RedisProtocol.words(line, List.of(bytes("PING"))));
        }
        var unused = loop.schedule(this::look, PAUSE_MS, TimeUnit.MILLISECONDS);
    }

    private void connect() {
        if (connecting) {
            return;
        }
        connecting = true;
        Future<Channel> attempt = server.open(loop, new RespDecoder(new Messages(), LONGEST_MESSAGE, true), new Line());
        var unused = attempt.addListener(done -> {
            connecting = false;
            if (!attempt.isSuccess()) {
                LOG.debugf("cache: no invalidations are heard: %s", attempt.cause());
                return;
            }
            subscribe(attempt.getNow());
        });
    }

    private void subscribe(Channel line) {
        channel = line;
        heardAt = System.nanoTime();
        if (closed) {
            hangUp();
            return;
        }
        for (List<byte[]> command : server.greeting()) {
            var unused = line.write(RedisProtocol.words(line, command), line.voidPromise());
        }
        var unused = line.writeAndFlush(
                RedisProtocol.words(line, List.of(bytes("SUBSCRIBE"), channelName)), line.voidPromise());
    }

    private void hangUp() {
        Channel line = channel;
        channel = null;
        if (subscribed) {
            subscribed = false;
            if (!closed) {
                LOG.warn("cache: invalidations of other processes are not heard; copies live out their time");
            }
        }
        if (line != null) {
            var unused = line.close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What Redis pushes: {@code subscribe channel 1}, {@code message channel what}, {@code pong ""}. */
    private final class Messages implements ReplySink {
        private final String[] words = new String[3];
        private int next;

        @Override
        public int expected() {
            return 0;
        }

        @Override
        public void line(char type, String text) {
            heardAt = System.nanoTime();
            if (type == '-') {
                LOG.debugf("cache: no invalidations are heard: %s", text);
                hangUp();
            }
        }

        @Override
        public boolean array(int size) {
            next = 0;
            return size <= words.length;
        }

        @Override
        public void element(@Nullable ByteBuf value) {
            words[next++] = value == null ? "" : value.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void arrayEnd() {
            heardAt = System.nanoTime();
            if (next == 3 && words[0].equals("message")) {
                heard(words[2]);
            } else if (next == 3 && words[0].equals("subscribe")) {
                stores.values().forEach(ReplicatedStore::doubtAll);
                subscribed = true;
                LOG.debug("cache: invalidations of other processes are heard");
            }
        }
    }

    /** Tells the bus what becomes of its connection. */
    private final class Line extends ChannelInboundHandlerAdapter {
        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (channel == context.channel()) {
                hangUp();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (channel == context.channel()) {
                hangUp();
            } else {
                var unused = context.close();
            }
        }
    }
}

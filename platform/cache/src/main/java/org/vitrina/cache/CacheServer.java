package org.vitrina.cache;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseNotifier;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.spi.transport.Transport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.TrustedAuthorities;

/** One Redis or memcached: a lane to it for every event loop, and whether it is bypassed. */
final class CacheServer {
    private static final Logger LOG = Logger.getLogger(CacheServer.class);

    /** How a Redis refuses a change that is no primary any more. */
    private static final String REPLICA = "READONLY";

    private final Protocol protocol;
    private final RedisAddress address;
    private final @Nullable SSLContext tls;
    private final @Nullable Sentinels sentinels;
    private final Transport transport;
    private final AddressResolverGroup<InetSocketAddress> resolver;
    private final int connectTimeoutMs;
    private final int maxPending;
    private final int maxPendingWrites;
    private final int maxUnsent;
    private final int maxValue;
    private final int bypassAfter;
    private final long bypassForNanos;
    private final String probeKey;
    private final List<List<byte[]>> greeting = new ArrayList<>();

    private final Bypass bypass;
    private final List<ServerLane> lanes = new ArrayList<>();
    private final IdentityHashMap<EventLoop, ServerLane> laneOfLoop = new IdentityHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicBoolean probeDue = new AtomicBoolean();
    private volatile boolean closed;
    private volatile String lastProblem = "no answer in time";

    /** Its bounds are those of {@code vitrina.cache.redis}, of whatever kind it is. */
    CacheServer(Vertx vertx, CacheConfig config, RemoteCounters counters, Protocol protocol, RedisAddress address) {
        this.protocol = protocol;
        this.address = address;
        CacheConfig.Redis redis = config.redis();
        tls = address.tls()
                ? TrustedAuthorities.of("vitrina.cache.redis.ca-file", redis.caFile())
                        .context()
                : null;
        connectTimeoutMs = (int) redis.connectTimeout().toMillis();
        maxPending = redis.maxPending();
        maxPendingWrites = redis.maxPendingWrites();
        maxUnsent = bounded(redis.maxUnsent());
        maxValue = bounded(redis.maxValue());
        bypassAfter = config.bypassAfter();
        bypassForNanos = config.bypassFor().toNanos();
        probeKey = config.keyPrefix() + ":probe";
        String password = address.password();
        if (password != null) {
            String user = address.user();
            greeting.add(user == null ? words("AUTH", password) : words("AUTH", user, password));
        }
        if (address.database() != 0) {
            greeting.add(words("SELECT", Integer.toString(address.database())));
        }
        VertxInternal internal = (VertxInternal) vertx;
        transport = internal.transport();
        resolver = internal.nettyAddressResolverGroup();
        sentinels = address.sentinels() == null
                ? null
                : new Sentinels(address.sentinels(), address.password(), connectTimeoutMs, this::connect);
        bypass = new Bypass(bypassAfter, config.timeout().toNanos(), counters, this::startBypass);
        counters.servers.add(bypass);
        for (EventExecutor executor : internal.getEventLoopGroup()) {
            ServerLane lane = new ServerLane(
                    this, bypass, (EventLoop) executor, config.timeout().toNanos());
            lanes.add(lane);
            laneOfLoop.put(lane.loop(), lane);
        }
    }

    void connect() {
        lanes.forEach(ServerLane::connect);
    }

    void close() {
        closed = true;
        bypass.counters.servers.remove(bypass);
        lanes.forEach(ServerLane::hangUp);
    }

    Protocol protocol() {
        return protocol;
    }

    boolean isClosed() {
        return closed;
    }

    Bypass bypass() {
        return bypass;
    }

    /** The lane of the event loop on which the caller runs; any for a caller on none. */
    ServerLane laneHere() {
        Context context = Vertx.currentContext();
        ServerLane own = context == null ? null : laneOfLoop.get(((ContextInternal) context).nettyEventLoop());
        return own == null ? lanes.get((turn.getAndIncrement() & Integer.MAX_VALUE) % lanes.size()) : own;
    }

    /** Always the same for a key, so that what is written and removed through this process keeps its order. */
    int writerOf(String key) {
        return (key.hashCode() & Integer.MAX_VALUE) % lanes.size();
    }

    ServerLane lane(int index) {
        return lanes.get(index);
    }

    int laneCount() {
        return lanes.size();
    }

    boolean isConnected() {
        return lanes.stream().allMatch(ServerLane::isUp);
    }

    int maxPending() {
        return maxPending;
    }

    int maxPendingWrites() {
        return maxPendingWrites;
    }

    int maxValue() {
        return maxValue;
    }

    int bypassAfter() {
        return bypassAfter;
    }

    String probeKey() {
        return probeKey;
    }

    List<List<byte[]>> greeting() {
        return greeting;
    }

    ChannelHandler decoder(ReplySink sink) {
        return protocol.decoder(sink, maxValue + EntryFormat.HEADER);
    }

    /** A connection that may be used: its handshake, where it has one, is over. */
    Future<Channel> open(EventLoop loop, ChannelHandler decoder, ChannelHandler line) {
        Promise<Channel> usable = loop.newPromise();
        if (sentinels == null) {
            open(connect(loop, target(), decoder, line), usable);
        } else {
            Future<HostPort> primary = sentinels.primary(loop);
            var unused = primary.addListener(known -> {
                if (primary.isSuccess()) {
                    HostPort found = primary.getNow();
                    open(connect(loop, unresolved(found.host(), found.port()), decoder, line), usable);
                } else {
                    usable.setFailure(primary.cause());
                }
            });
        }
        return usable;
    }

    private static void open(ChannelFuture connected, Promise<Channel> usable) {
        var unused = connected.addListener(done -> tellWhenUsable(connected, usable));
    }

    private static void tellWhenUsable(ChannelFuture connected, Promise<Channel> usable) {
        SslHandler handshake = connected.channel().pipeline().get(SslHandler.class);
        if (!connected.isSuccess()) {
            usable.setFailure(connected.cause());
        } else if (handshake == null) {
            usable.setSuccess(connected.channel());
        } else {
            var unused = PromiseNotifier.cascade(handshake.handshakeFuture(), usable);
        }
    }

    private SocketAddress target() {
        String path = address.path();
        return path == null ? unresolved(String.valueOf(address.host()), address.port()) : socket(path);
    }

    /** A name is looked up anew for each connection, without the event loop waiting for it. */
    private static SocketAddress unresolved(String host, int port) {
        return InetSocketAddress.createUnresolved(host, port);
    }

    private ChannelFuture connect(EventLoop loop, SocketAddress target, ChannelHandler... handlers) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeoutMs)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(maxUnsent / 2, maxUnsent))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(encryption(tls));
                        }
                        channel.pipeline().addLast(handlers);
                    }
                });
        return target instanceof InetSocketAddress
                ? bootstrap
                        .channelFactory(factory(false))
                        .option(ChannelOption.TCP_NODELAY, true)
                        .resolver(resolver)
                        .connect(target)
                : bootstrap.channelFactory(factory(true)).connect(target);
    }

    private SslHandler encryption(SSLContext context) {
        var handler =
                new SslHandler(TrustedAuthorities.client(context, String.valueOf(address.host()), address.port()));
        handler.setHandshakeTimeoutMillis(connectTimeoutMs);
        return handler;
    }

    private ChannelFactory<? extends Channel> factory(boolean domain) {
        // Vert.x has Unix sockets with a native transport only, Netty with the JDK's own too
        return domain && !transport.supportsDomainSockets()
                ? NioDomainSocketChannel::new
                : transport.channelFactory(domain);
    }

    private SocketAddress socket(String path) {
        return transport.supportsDomainSockets()
                ? transport.convert(io.vertx.core.net.SocketAddress.domainSocketAddress(path))
                : UnixDomainSocketAddress.of(path);
    }

    /** An attempt of a lane to connect has ended. */
    void connected(ServerLane lane, boolean success) {
        if (closed) {
            return;
        }
        if (!success) {
            probeLater();
        } else if (bypass.isOpen()) {
            bypass.close();
            LOG.infof("cache: the server at %s answers again", address);
            connect();
        }
    }

    void unreachable(@Nullable Throwable cause) {
        lastProblem = String.valueOf(cause);
    }

    /** Whether the connection is of no use any more: another is the primary now, whom the sentinels know. */
    boolean refused(String error) {
        lastProblem = error;
        LOG.debugf("cache: the server at %s: %s", address, error);
        return sentinels != null && error.startsWith(REPLICA);
    }

    private void startBypass() {
        if (!closed) {
            LOG.warnf("cache: the server at %s is bypassed: %s", address, lastProblem);
            lastProblem = "no answer in time";
        }
        lanes.forEach(ServerLane::hangUp);
        probeLater();
    }

    private void probeLater() {
        if (!closed && probeDue.compareAndSet(false, true)) {
            ServerLane lane = lanes.get((turn.getAndIncrement() & Integer.MAX_VALUE) % lanes.size());
            lane.connectIn(bypassForNanos, () -> probeDue.set(false));
        }
    }

    /** Half of what an array can hold leaves room for whatever stands around a value. */
    private static int bounded(MemorySize size) {
        return (int) Math.min(size.asLongValue(), Integer.MAX_VALUE / 2);
    }

    private static List<byte[]> words(String... words) {
        List<byte[]> bytes = new ArrayList<>();
        for (String word : words) {
            bytes.add(word.getBytes(StandardCharsets.UTF_8));
        }
        return bytes;
    }
}

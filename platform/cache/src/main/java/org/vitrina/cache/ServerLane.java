package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of one event loop to a server; commands are pipelined, and all but the thread-safe methods run on the
 * loop. A look-up that finds the line down is a miss at once: nobody waits for a connection.
 *
 * <p>Time-outs. One timer watches the oldest command. When it fires, the answer may be in the socket already and only
 * our own loop be late, so judgement waits for a further turn of the loop, in which the socket is read first.
 */
final class ServerLane implements ReplySink {
    private static final byte[] NOTHING = {};
    /** Between two attempts where the connection before did not last. */
    private static final long RECONNECT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long LASTING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CacheServer server;
    private final Bypass bypass;
    private final EventLoop loop;
    private final long timeoutNanos;
    private final AtomicInteger pendingWrites = new AtomicInteger();

    private final PendingCommands pending = new PendingCommands();
    private @Nullable Channel channel;
    private boolean connecting;
    private volatile boolean up;
    private long upSince;
    private int silentWindows;
    private long lastWindow = System.nanoTime();
    private boolean flushing;
    private boolean watching;

    ServerLane(CacheServer server, Bypass bypass, EventLoop loop, long timeoutNanos) {
        this.server = server;
        this.bypass = bypass;
        this.loop = loop;
        this.timeoutNanos = timeoutNanos;
    }

    /** Thread-safe. */
    boolean isUp() {
        return up;
    }

    /** Thread-safe. */
    EventLoop loop() {
        return loop;
    }

    // ---- commands

    /** Thread-safe; on the lane's own loop without a hop. */
    void read(byte[] prefix, List<String> keys, Lookup lookup) {
        if (loop.inEventLoop()) {
            readNow(prefix, keys, lookup);
        } else {
            loop.execute(() -> readNow(prefix, keys, lookup));
        }
    }

    private void readNow(byte[] prefix, List<String> keys, Lookup lookup) {
        Channel line = channel;
        if (!up || line == null) {
            lookup.done();
            return;
        }
        if (isFull(line) || (bypass.isSuspect() && isOverdue())) {
            bypass.counters.skipped.increment();
            lookup.done();
            return;
        }
        send(line, server.protocol().get(line, prefix, keys), ServerCommand.read(lookup, keys.size()));
    }

    /** Thread-safe. Keeps or drops, and says so to {@code done}, in either case within the time-out. */
    void write(List<byte[]> keys, List<byte[]> values, List<Long> lifeMs, Runnable done) {
        int count = keys.size();
        if (!up || pendingWrites.get() + count > server.maxPendingWrites()) {
            bypass.counters.droppedWrites.add(count);
            done.run();
            return;
        }
        pendingWrites.addAndGet(count);
        loop.execute(() -> {
            Channel line = channel;
            if (!up || line == null || isFull(line)) {
                bypass.counters.droppedWrites.add(count);
                written(count, done);
                return;
            }
            ByteBuf out = server.protocol().set(line, keys, values, lifeMs);
            send(line, out, ServerCommand.write(() -> written(count, done), count));
        });
    }

    private void written(int count, Runnable done) {
        pendingWrites.addAndGet(-count);
        done.run();
    }

    /** Thread-safe. */
    void remove(byte[] key) {
        sendOne(line -> server.protocol().delete(line, key));
    }

    /** Thread-safe: a command of Redis that is answered by one line, which nobody waits for. */
    void tell(List<byte[]> words) {
        sendOne(line -> RedisProtocol.words(line, words));
    }

    private void sendOne(Function<Channel, ByteBuf> bytes) {
        loop.execute(() -> {
            Channel line = channel;
            if (up && line != null && !isFull(line)) {
                pendingWrites.incrementAndGet();
                send(line, bytes.apply(line), ServerCommand.write(() -> written(1, () -> {}), 1));
            } else {
                bypass.counters.droppedWrites.increment();
            }
        });
    }

    private boolean isFull(Channel line) {
        return pending.size() >= server.maxPending() || !line.isWritable();
    }

    private boolean isOverdue() {
        ServerCommand oldest = pending.oldestLookup();
        return oldest != null && oldest.expired;
    }

    private void send(Channel line, ByteBuf bytes, ServerCommand command) {
        pending.add(command);
        var unused = line.write(bytes, line.voidPromise());
        if (!flushing) {
            flushing = true;
            // at the end of this turn: what several requests ask in one turn leaves in one write
            loop.execute(this::flush);
        }
    }

    private void flush() {
        flushing = false;
        pending.sent(System.nanoTime());
        Channel line = channel;
        if (line != null) {
            line.flush();
        }
        watch();
    }

    // ---- time-outs

    private void watch() {
        if (watching || pending.size() == 0) {
            return;
        }
        long now = System.nanoTime();
        long wait = timeoutNanos + pending.oldestSentAt().orElse(now) - now;
        watching = true;
        var unused = loop.schedule(this::due, Math.max(0, wait), TimeUnit.NANOSECONDS);
    }

    private void due() {
        long now = System.nanoTime();
        ServerCommand oldest = pending.peek();
        if (oldest != null && (oldest.expired || oldest.isOverdue(now - timeoutNanos))) {
            // not before the socket was read once more: a task scheduled now runs in a later turn of the loop
            var unused = loop.schedule(() -> judge(now), 1, TimeUnit.MILLISECONDS);
        } else {
            watching = false;
            watch();
        }
    }

    private void judge(long asOf) {
        watching = false;
        List<ServerCommand> late = pending.expire(asOf - timeoutNanos);
        late.stream().filter(command -> command.lookup != null).forEach(command -> bypass.timedOut());
        countSilence(System.nanoTime());
        // callbacks may send, so they come last
        late.forEach(ServerCommand::end);
        watch();
    }

    private void countSilence(long now) {
        ServerCommand oldest = pending.oldestLookup();
        if (oldest == null || !oldest.expired || !up) {
            return;
        }
        long since = Math.max(oldest.sentAt() - now, lastWindow - now);
        if (-since >= timeoutNanos) {
            lastWindow = now;
            silentWindows++;
        }
        bypass.silent(oldest.sentAt(), now);
        Channel line = channel;
        if (line != null && silentWindows >= server.bypassAfter()) {
            // the others may be well: a line of its own can be dead
            lost(line);
        }
    }

    // ---- replies

    @Override
    public int expected() {
        ServerCommand command = pending.peek();
        return command == null || command.lookup == null ? 0 : command.keys;
    }

    @Override
    public void line(char type, String text) {
        ServerCommand command = pending.peek();
        if (command == null) {
            throw new IllegalStateException("a reply nobody asked for");
        }
        if (type == '-' && server.refused(text) && channel != null) {
            lost(channel);
            return;
        }
        if (command.lookup == null) {
            if (--command.replies == 0) {
                pending.poll();
                command.end();
            }
            return;
        }
        pending.poll();
        bypass.wronglyAnswered();
        command.failed = true;
        command.end();
    }

    @Override
    public boolean array(int size) {
        ServerCommand command = pending.peek();
        return command != null && command.lookup != null && command.keys == size;
    }

    @Override
    public void element(@Nullable ByteBuf value) {
        ServerCommand command = pending.peek();
        if (command != null && command.lookup != null) {
            if (value != null && !command.expired) {
                command.lookup.found(command.next, value);
            }
            command.next++;
        }
    }

    @Override
    public void arrayEnd() {
        ServerCommand command = pending.poll();
        if (command != null) {
            if (!command.expired && up) {
                silentWindows = 0;
                bypass.answered();
            }
            command.end();
        }
    }

    // ---- connection

    /** Thread-safe: connects unless there is or will be a connection. */
    void connect() {
        loop.execute(this::connectNow);
    }

    /** Thread-safe: the same after a while; {@code before} runs first. */
    void connectIn(long nanos, Runnable before) {
        var unused = loop.schedule(
                () -> {
                    before.run();
                    connectNow();
                },
                nanos,
                TimeUnit.NANOSECONDS);
    }

    private void connectNow() {
        if (connecting || channel != null || server.isClosed()) {
            return;
        }
        connecting = true;
        Future<Channel> attempt = server.open(loop, server.decoder(this), new Line());
        var unused = attempt.addListener(done -> attempted(attempt));
    }

    private void attempted(Future<Channel> attempt) {
        connecting = false;
        if (!attempt.isSuccess()) {
            server.unreachable(attempt.cause());
            bypass.open();
            server.connected(this, false);
        } else if (server.isClosed()) {
            var unused = attempt.getNow().close();
        } else {
            greet(attempt.getNow());
        }
    }

    /** The first question is one that a Redis which is still loading, or is no Redis, fails. */
    private void greet(Channel line) {
        channel = line;
        for (List<byte[]> command : server.greeting()) {
            pendingWrites.incrementAndGet();
            send(line, RedisProtocol.words(line, command), ServerCommand.write(() -> written(1, () -> {}), 1));
        }
        ServerCommand[] probe = new ServerCommand[1];
        probe[0] = ServerCommand.read(
                new Lookup() {
                    @Override
                    public void found(int index, ByteBuf value) {}

                    @Override
                    public void done() {
                        if (channel == line && !probe[0].expired && !probe[0].failed) {
                            up = true;
                            upSince = System.nanoTime();
                            silentWindows = 0;
                            server.connected(ServerLane.this, true);
                        } else {
                            lost(line);
                        }
                    }
                },
                1);
        send(line, server.protocol().get(line, NOTHING, List.of(server.probeKey())), probe[0]);
    }

    /** The connection is of no use any more; whoever waits for something on it has a miss. */
    private void lost(Channel line) {
        if (channel != line) {
            var unused = line.close();
            return;
        }
        boolean wasUp = up;
        up = false;
        channel = null;
        silentWindows = 0;
        var unused = line.close();
        for (ServerCommand command : pending.takeAll()) {
            command.failed = true;
            command.end();
        }
        if (!wasUp) {
            bypass.open();
            server.connected(this, false);
        } else if (!bypass.isOpen()) {
            boolean lasted = System.nanoTime() - upSince > LASTING_NANOS;
            connectIn(lasted ? 0 : RECONNECT_PAUSE_NANOS, () -> {});
        }
    }

    /** Thread-safe: gives the connection up, because Redis is bypassed or the program ends. */
    void hangUp() {
        loop.execute(() -> {
            Channel line = channel;
            if (line != null) {
                lost(line);
            }
        });
    }

    /** Tells the lane what becomes of its connection. */
    private final class Line extends ChannelInboundHandlerAdapter {
        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (channel == context.channel()) {
                lost(context.channel());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            server.unreachable(cause);
            if (channel == context.channel()) {
                bypass.wronglyAnswered();
                lost(context.channel());
            } else {
                var unused = context.close();
            }
        }
    }
}

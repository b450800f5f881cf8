package org.vitrina.cache;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of one event loop to Redis; commands are pipelined, and all but the thread-safe methods run on the
 * loop. A look-up that finds the line down is a miss at once: nobody waits for a connection.
 *
 * <p>Time-outs. One timer watches the oldest command. When it fires, the answer may be in the socket already and only
 * our own loop be late, so judgement waits for a further turn of the loop, in which the socket is read first.
 */
final class RedisPipeline implements RespDecoder.Sink {
    private static final byte[] MGET = bytes("MGET");
    private static final byte[] SET = bytes("SET");
    private static final byte[] PX = bytes("PX");
    private static final byte[] DEL = bytes("DEL");

    private static final byte[] NOTHING = {};
    private static final long NOT_SENT = Long.MIN_VALUE;
    /** Between two attempts where the connection before did not last. */
    private static final long RECONNECT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long LASTING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Sidecar sidecar;
    private final Bypass bypass;
    private final EventLoop loop;
    private final long timeoutNanos;
    private final AtomicInteger pendingWrites = new AtomicInteger();

    private final ArrayDeque<Command> pending = new ArrayDeque<>();
    private @Nullable Channel channel;
    private boolean connecting;
    private volatile boolean up;
    private long upSince;
    private int silentWindows;
    private long lastWindow = System.nanoTime();
    private boolean flushing;
    private boolean watching;

    RedisPipeline(Sidecar sidecar, Bypass bypass, EventLoop loop, long timeoutNanos) {
        this.sidecar = sidecar;
        this.bypass = bypass;
        this.loop = loop;
        this.timeoutNanos = timeoutNanos;
    }

    /** What becomes of a look-up. */
    interface Lookup {
        void found(int index, ByteBuf value);

        /** Once, after the last {@link #found}, answered or not. */
        void done();
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
            bypass.skipped.increment();
            lookup.done();
            return;
        }
        send(line, mget(line, prefix, keys), new Command(lookup, null, keys.size(), 1));
    }

    /** Thread-safe. Keeps or drops, and says so to {@code done}, in either case within the time-out. */
    void write(List<byte[]> keys, List<byte[]> values, List<Long> lifeMs, Runnable done) {
        int count = keys.size();
        if (!up || pendingWrites.get() + count > sidecar.maxPendingWrites()) {
            bypass.droppedWrites.add(count);
            done.run();
            return;
        }
        pendingWrites.addAndGet(count);
        loop.execute(() -> {
            Channel line = channel;
            if (!up || line == null || isFull(line)) {
                bypass.droppedWrites.add(count);
                pendingWrites.addAndGet(-count);
                done.run();
                return;
            }
            int size = 0;
            for (byte[] value : values) {
                size += value.length + 128;
            }
            ByteBuf out = line.alloc().buffer(size);
            for (int i = 0; i < count; i++) {
                RespDecoder.arrayHeader(out, 5);
                RespDecoder.bulk(out, SET);
                RespDecoder.bulk(out, keys.get(i));
                RespDecoder.bulk(out, values.get(i));
                RespDecoder.bulk(out, PX);
                RespDecoder.bulk(out, bytes(Long.toString(Math.max(1, lifeMs.get(i)))));
            }
            send(line, out, new Command(null, done, 0, count));
        });
    }

    /** Thread-safe. */
    void remove(byte[] key) {
        loop.execute(() -> {
            Channel line = channel;
            if (up && line != null && !isFull(line)) {
                ByteBuf out = line.alloc().buffer(64);
                RespDecoder.arrayHeader(out, 2);
                RespDecoder.bulk(out, DEL);
                RespDecoder.bulk(out, key);
                pendingWrites.incrementAndGet();
                send(line, out, new Command(null, () -> {}, 0, 1));
            } else {
                bypass.droppedWrites.increment();
            }
        });
    }

    private boolean isFull(Channel line) {
        return pending.size() >= sidecar.maxPending() || !line.isWritable();
    }

    private boolean isOverdue() {
        Command oldest = oldestLookup();
        return oldest != null && oldest.expired;
    }

    private static ByteBuf mget(Channel line, byte[] prefix, List<String> keys) {
        ByteBuf out = line.alloc().buffer(32 + keys.size() * (prefix.length + 24));
        RespDecoder.arrayHeader(out, keys.size() + 1);
        RespDecoder.bulk(out, MGET);
        for (String key : keys) {
            RespDecoder.bulk(out, prefix, key.getBytes(StandardCharsets.UTF_8));
        }
        return out;
    }

    private void send(Channel line, ByteBuf bytes, Command command) {
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
        long now = System.nanoTime();
        for (Iterator<Command> each = pending.descendingIterator(); each.hasNext(); ) {
            Command command = each.next();
            if (command.sentAt != NOT_SENT) {
                break;
            }
            command.sentAt = now;
        }
        Channel line = channel;
        if (line != null) {
            line.flush();
        }
        watch();
    }

    // ---- time-outs

    private void watch() {
        if (watching || pending.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        long wait = timeoutNanos;
        for (Command command : pending) {
            if (!command.expired && command.sentAt != NOT_SENT) {
                wait = command.sentAt + timeoutNanos - now;
                break;
            }
        }
        watching = true;
        var unused = loop.schedule(this::due, Math.max(0, wait), TimeUnit.NANOSECONDS);
    }

    private void due() {
        long now = System.nanoTime();
        Command oldest = pending.peek();
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
        // callbacks may send, so they come last
        ArrayDeque<Command> late = new ArrayDeque<>();
        for (Command command : pending) {
            if (command.isOverdue(asOf - timeoutNanos)) {
                command.expired = true;
                late.add(command);
                if (command.lookup != null) {
                    bypass.timedOut();
                }
            }
        }
        countSilence(System.nanoTime());
        for (Command command : late) {
            command.end();
        }
        watch();
    }

    private void countSilence(long now) {
        Command oldest = oldestLookup();
        if (oldest == null || !oldest.expired || !up) {
            return;
        }
        long since = Math.max(oldest.sentAt - now, lastWindow - now);
        if (-since >= timeoutNanos) {
            lastWindow = now;
            silentWindows++;
        }
        bypass.silent(oldest.sentAt, now);
        Channel line = channel;
        if (line != null && silentWindows >= sidecar.bypassAfter()) {
            // the others may be well: a line of its own can be dead
            lost(line);
        }
    }

    private @Nullable Command oldestLookup() {
        for (Command command : pending) {
            if (command.lookup != null && command.sentAt != NOT_SENT) {
                return command;
            }
        }
        return null;
    }

    // ---- replies

    @Override
    public void line(char type, String text) {
        Command command = pending.peek();
        if (command == null) {
            throw new IllegalStateException("a reply nobody asked for");
        }
        if (type == '-') {
            sidecar.refused(text);
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
        Command command = pending.peek();
        return command != null && command.lookup != null && command.keys == size;
    }

    @Override
    public void element(@Nullable ByteBuf value) {
        Command command = pending.peek();
        if (command != null && command.lookup != null) {
            if (value != null && !command.expired) {
                command.lookup.found(command.next, value);
            }
            command.next++;
        }
    }

    @Override
    public void arrayEnd() {
        Command command = pending.poll();
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
        if (connecting || channel != null || sidecar.isClosed()) {
            return;
        }
        connecting = true;
        ChannelFuture attempt = sidecar.open(loop, this, new Line());
        var unused = attempt.addListener(done -> attempted(attempt));
    }

    private void attempted(ChannelFuture attempt) {
        connecting = false;
        if (!attempt.isSuccess()) {
            sidecar.unreachable(attempt.cause());
            bypass.open();
            sidecar.connected(this, false);
        } else if (sidecar.isClosed()) {
            var unused = attempt.channel().close();
        } else {
            greet(attempt.channel());
        }
    }

    /** The first question is one that a Redis which is still loading, or is no Redis, fails. */
    private void greet(Channel line) {
        channel = line;
        for (List<byte[]> command : sidecar.greeting()) {
            ByteBuf out = line.alloc().buffer(64);
            RespDecoder.arrayHeader(out, command.size());
            for (byte[] word : command) {
                RespDecoder.bulk(out, word);
            }
            pendingWrites.incrementAndGet();
            send(line, out, new Command(null, () -> {}, 0, 1));
        }
        Command[] probe = new Command[1];
        probe[0] = new Command(
                new Lookup() {
                    @Override
                    public void found(int index, ByteBuf value) {}

                    @Override
                    public void done() {
                        if (channel == line && !probe[0].expired && !probe[0].failed) {
                            up = true;
                            upSince = System.nanoTime();
                            silentWindows = 0;
                            sidecar.connected(RedisPipeline.this, true);
                        } else {
                            lost(line);
                        }
                    }
                },
                null,
                1,
                1);
        send(line, mget(line, NOTHING, List.of(sidecar.probeKey())), probe[0]);
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
        ArrayDeque<Command> waiting = new ArrayDeque<>(pending);
        pending.clear();
        for (Command command : waiting) {
            command.failed = true;
            command.end();
        }
        if (!wasUp) {
            bypass.open();
            sidecar.connected(this, false);
        } else if (!bypass.isOpen()) {
            boolean lasted = System.nanoTime() - upSince > LASTING_NANOS;
            connectIn(lasted ? 0 : RECONNECT_PAUSE_NANOS, () -> {});
        }
    }

    /** Thread-safe: gives the connection up, for Redis is put aside or the program ends. */
    void hangUp() {
        loop.execute(() -> {
            Channel line = channel;
            if (line != null) {
                lost(line);
            }
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What was sent and not answered yet; one that expired keeps its place, for its answer may still come. */
    private final class Command {
        final @Nullable Lookup lookup;
        private final @Nullable Runnable written;
        final int keys;
        private final int writes;
        int replies;
        int next;
        long sentAt = NOT_SENT;
        boolean expired;
        boolean failed;
        private boolean ended;

        Command(@Nullable Lookup lookup, @Nullable Runnable written, int keys, int replies) {
            this.lookup = lookup;
            this.written = written;
            this.keys = keys;
            this.replies = replies;
            this.writes = lookup == null ? replies : 0;
        }

        boolean isOverdue(long sentBefore) {
            return !expired && sentAt != NOT_SENT && sentAt - sentBefore <= 0;
        }

        void end() {
            if (!ended) {
                ended = true;
                pendingWrites.addAndGet(-writes);
                if (lookup != null) {
                    lookup.done();
                } else if (written != null) {
                    written.run();
                }
            }
        }
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
            sidecar.unreachable(cause);
            if (channel == context.channel()) {
                bypass.wronglyAnswered();
                lost(context.channel());
            } else {
                var unused = context.close();
            }
        }
    }
}

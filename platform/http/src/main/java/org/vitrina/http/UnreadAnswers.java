package org.vitrina.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a connection's other side does not take of its answers with what else is held ({@link HeldBytes}); where that
 * is more than there is, {@link SlowReaders} says who gives way. Before the codec, where an answer is bytes.
 *
 * <p>One for each connection, confined to its event loop but for what {@link SlowReaders} asks.
 */
final class UnreadAnswers extends ChannelDuplexHandler {
    /** Nothing tells us that the kernel has taken a part of a buffer, so we look. */
    private static final long LOOK_MILLIS = 500;

    private final SlowReaders all;
    private final AtomicLong held = new AtomicLong();
    private volatile long progressNanos;
    private volatile boolean ended;
    private volatile @Nullable ChannelHandlerContext context;

    /** The end of what is written now is awaited. */
    private boolean waiting;

    private boolean looking;

    /** What is being taken, and how far: the bytes that have left a buffer are in no other count of Netty's. */
    private int message;

    private long partOfMessage;

    UnreadAnswers(SlowReaders all) {
        this.all = all;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        count(context);
    }

    private void count(ChannelHandlerContext context) {
        if (unread(context) == 0 && held.get() == 0) {
            return; // as nearly always: the kernel has taken it
        }
        awaitEnd(context);
        long unread = unread(context);
        ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
        if (out != null) {
            noteProgress(out);
        }
        long before = held.get();
        boolean fits = hold(unread);
        if (unread > 0 && !ended) {
            all.add(this);
            lookLater(context);
        } else {
            all.remove(this);
        }
        if (!fits) {
            all.makeRoom(unread - before);
        }
    }

    private static long unread(ChannelHandlerContext context) {
        ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
        return out == null ? 0 : Math.max(0, out.totalPendingWriteBytes() - out.currentProgress());
    }

    private void noteProgress(ChannelOutboundBuffer out) {
        int current = System.identityHashCode(out.current());
        long part = out.currentProgress();
        if (held.get() == 0 || current != message || part != partOfMessage) {
            progressNanos = System.nanoTime();
        }
        message = current;
        partOfMessage = part;
    }

    private void awaitEnd(ChannelHandlerContext context) {
        if (waiting || unread(context) == 0) {
            return;
        }
        waiting = true;
        // an empty buffer behind the answer: it is out when that is
        var unused = context.writeAndFlush(Unpooled.EMPTY_BUFFER)
                // it is counted as unread still when we are told
                .addListener(gone -> context.executor().execute(() -> {
                    waiting = false;
                    count(context);
                }));
    }

    private void lookLater(ChannelHandlerContext context) {
        if (looking) {
            return;
        }
        looking = true;
        var unused = context.executor()
                .schedule(
                        () -> {
                            looking = false;
                            count(context);
                        },
                        LOOK_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended = true;
        all.remove(this);
        hold(0);
        context.fireChannelInactive();
    }

    private boolean hold(long unread) {
        return all.budget().change(held.getAndSet(unread), unread);
    }

    /** From any thread: how much is not taken. */
    long held() {
        return held.get();
    }

    /** From any thread: for how long nothing was taken. */
    long stalledNanos(long now) {
        return now - progressNanos;
    }

    /** From any thread: closes the connection. What it held is free at once for those who come now. */
    void end() {
        ended = true;
        hold(0);
        var unused = Objects.requireNonNull(context).close();
    }
}

package org.vitrina.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Counts what a connection's other side does not take of its answers with what else is held ({@link HeldBytes}), and closes
 * a connection whose part is more than there is. Before the codec, where an answer is bytes.
 *
 * <p>One for each connection, confined to its event loop.
 */
final class UnreadAnswers extends ChannelDuplexHandler {
    private final HeldBytes budget;
    private long held;
    /** The end of what is written now is awaited. */
    private boolean waiting;

    UnreadAnswers(HeldBytes budget) {
        this.budget = budget;
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        count(context);
    }

    private void count(ChannelHandlerContext context) {
        long unread = unread(context);
        if (unread == 0 && held == 0) {
            return; // as nearly always: the kernel has taken it
        }
        if (!hold(unread)) {
            var unused = context.close();
        } else if (unread > 0 && !waiting) {
            waiting = true;
            // an empty buffer behind the answer: it is out when that is
            var unused = context.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    // it is counted as unread still when we are told
                    .addListener(gone -> context.executor().execute(() -> {
                        waiting = false;
                        count(context);
                    }));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        hold(0);
        context.fireChannelInactive();
    }

    private boolean hold(long unread) {
        boolean fits = budget.change(held, unread);
        held = unread;
        return fits;
    }

    private static long unread(ChannelHandlerContext context) {
        ChannelOutboundBuffer out = context.channel().unsafe().outboundBuffer();
        return out == null ? 0 : out.totalPendingWriteBytes();
    }
}

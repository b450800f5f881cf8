package org.vitrina.persistence;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.vertx.sqlclient.impl.command.CommandBase;
import io.vertx.sqlclient.impl.command.CommandResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection over which the server has answered nothing for too long although it was asked. One that nobody asks
 * stays open: to open it again costs both sides as much CPU as some requests, and the request that has to wait for it.
 *
 * <p>It sits between the codec of the Vert.x client and the connection, where commands and answers pass one by one, in
 * the connection's event loop.
 */
final class SilenceLimit extends ChannelDuplexHandler {
    private final long limit;
    private int asked;
    private long heard;
    private boolean watching;

    SilenceLimit(Duration limit) {
        this.limit = limit.toNanos();
    }

    /** Closes the socket itself: the client's own close says goodbye first and waits for the server, which is silent. */
    static void cutOff(ChannelHandlerContext context) {
        var unused = context.pipeline().firstContext().close();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof CommandBase) {
            if (asked++ == 0) {
                heard = System.nanoTime();
            }
            if (!watching) {
                watch(context, limit);
            }
        }
        var unused = context.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof CommandResponse) {
            asked--;
            heard = System.nanoTime();
        }
        context.fireChannelRead(message);
    }

    private void watch(ChannelHandlerContext context, long nanos) {
        watching = true;
        var unused = context.executor().schedule(() -> look(context), nanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        watching = false;
        if (asked == 0 || context.isRemoved()) {
            return;
        }
        long left = limit - (System.nanoTime() - heard);
        if (left <= 0) {
            cutOff(context);
        } else {
            watch(context, left);
        }
    }
}

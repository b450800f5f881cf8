package org.vitrina.persistence;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.impl.codec.NoticeResponse;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.impl.command.CommandResponse;

/**
 * Leaves a server at once that has said that it is not, or soon may not be, the one to ask: a replica refuses changes, and a
 * primary that lost its synchronous replica confirms what nobody else has.
 *
 * <p>The latter is how PostgreSQL ends the wait for a replica that is cut short, by {@code statement_timeout} or by a request to
 * cancel: with a warning beside a success (27.2.8 "Synchronous Replication"). What is told here is that the answer was lost, so
 * that nobody counts on a change that goes with its server.
 */
final class FailoverSigns extends ChannelInboundHandlerAdapter {
    private static final String READ_ONLY = "25006";

    /** The place in the server's code that the warning comes from: its words are in the server's language. */
    private static final String REPLICA_NOT_AWAITED = "SyncRepWaitForLSN";

    private boolean unconfirmed;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof NoticeResponse notice && REPLICA_NOT_AWAITED.equals(notice.getRoutine())) {
            unconfirmed = true;
        }
        if (!(message instanceof CommandResponse<?> response)) {
            context.fireChannelRead(message);
        } else if (unconfirmed) {
            context.fireChannelRead(StatementDeadline.failure(response.cmd, ClosedConnectionException.INSTANCE));
            SilenceLimit.cutOff(context);
        } else {
            context.fireChannelRead(response);
            if (response.toAsyncResult().cause() instanceof PgException refused
                    && READ_ONLY.equals(refused.getSqlState())) {
                SilenceLimit.cutOff(context);
            }
        }
    }
}

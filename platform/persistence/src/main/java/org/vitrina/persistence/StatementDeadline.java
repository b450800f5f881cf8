package org.vitrina.persistence;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.command.CommandBase;
import io.vertx.sqlclient.impl.command.CommandResponse;
import io.vertx.sqlclient.impl.command.PrepareStatementCommand;
import io.vertx.sqlclient.impl.command.QueryCommandBase;
import io.vertx.sqlclient.impl.command.SimpleQueryCommand;
import io.vertx.sqlclient.impl.command.TxCommand;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;

/**
 * Cancels at the server what its connection is at when the deadline passes for which it was lent, and lets nothing begin
 * after that but the end of a transaction, which is never cut short.
 *
 * <p>A cancel request is for a connection, not for a statement. So the answer to the statement is held back until the
 * server has answered the request too: nobody can give the connection back before, and no other statement be met. That
 * the server works on one of ours at a time is the pipelining limit of one (BoundedPool).
 *
 * <p>It sits between the codec of the Vert.x client and the connection, as {@link SilenceLimit} does.
 */
final class StatementDeadline extends ChannelDuplexHandler {
    private static final String CANCELLED = "57014";

    /** A request that overtakes its statement cancels nothing: then it is sent again, with doubling pauses. */
    private static final long FIRST_REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private final SocketConnectionBase connection;
    private final CancelRequests requests;
    private final LateWork late;

    /** Of the work that the connection is lent for; written by the borrower's thread before its first statement. */
    private volatile Borrower borrower = Borrower.NOBODY;

    private final Queue<CommandResponse<?>> held = new ArrayDeque<>();
    private int asked;
    private @Nullable CommandBase<?> statement;
    private @Nullable Deadline due;
    private boolean cancelling;
    private boolean cancelled;
    private long repeatNanos;
    private @Nullable ScheduledFuture<?> timer;
    private long timerAt;

    StatementDeadline(SocketConnectionBase connection, CancelRequests requests, LateWork late) {
        this.connection = connection;
        this.requests = requests;
        this.late = late;
    }

    /** From here on the connection works for this borrower. */
    static void lend(SqlConnection lent, Borrower borrower) {
        SocketConnectionBase established = BoundedPool.established(lent);
        if (established != null) {
            StatementDeadline handler =
                    established.socket().channelHandlerContext().pipeline().get(StatementDeadline.class);
            if (handler != null) {
                handler.borrower = borrower;
            }
        }
    }

    Borrower borrower() {
        return borrower;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof CommandBase<?> command) {
            Deadline limit = borrower.deadline();
            String sql = limit == null ? null : sqlOf(command);
            if (limit != null && sql != null) {
                if (limit.passed()) {
                    refuse(context, command, sql);
                    return;
                }
                statement = command;
                due = limit;
                cancelled = false;
                repeatNanos = FIRST_REPEAT_NANOS;
                look(context, limit.remainingNanos());
            }
            asked++;
        }
        var unused = context.write(message, promise);
    }

    /** Null for what is never cut short: the begin and the end of a transaction, and what is no statement. */
    private static @Nullable String sqlOf(CommandBase<?> command) {
        return switch (command) {
            case SimpleQueryCommand<?> simple -> isOfTransaction(simple.sql()) ? null : simple.sql();
            case QueryCommandBase<?> query -> query.sql();
            case PrepareStatementCommand prepare -> prepare.sql();
            default -> null;
        };
    }

    private static boolean isOfTransaction(String sql) {
        for (TxCommand.Kind kind : TxCommand.Kind.values()) {
            if (kind.sql.equals(sql)) {
                return true;
            }
        }
        return false;
    }

    /** In a turn of its own: the connection is in the midst of writing. */
    private void refuse(ChannelHandlerContext context, CommandBase<?> command, String sql) {
        context.executor().execute(() -> answer(context, failure(command, late.notBegun(sql))));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof CommandResponse<?> response) {
            if (cancelling) {
                held.add(response);
            } else {
                context.fireChannelRead(answered(response));
            }
        } else {
            context.fireChannelRead(message);
        }
    }

    private CommandResponse<?> answered(CommandResponse<?> response) {
        asked--;
        CommandBase<?> command = response.cmd;
        if (command != statement) {
            return response;
        }
        statement = null;
        due = null;
        boolean cut = cancelled
                && response.toAsyncResult().cause() instanceof PgException refused
                && CANCELLED.equals(refused.getSqlState());
        String sql = sqlOf(command);
        return cut && sql != null ? failure(command, late.cut(sql)) : response;
    }

    @SuppressWarnings("unchecked") // a failure is of any type
    static <R> CommandResponse<R> failure(CommandBase<?> command, Throwable why) {
        CommandResponse<R> failure = CommandResponse.failure(why);
        failure.cmd = (CommandBase<R>) command;
        return failure;
    }

    /** One timer a connection, not one a statement: most are answered long before. */
    private void look(ChannelHandlerContext context, long nanos) {
        long at = System.nanoTime() + nanos;
        if (timer != null) {
            if (timerAt - at <= 0) {
                return;
            }
            timer.cancel(false);
        }
        timerAt = at;
        timer = context.executor().schedule(() -> lookNow(context), nanos, TimeUnit.NANOSECONDS);
    }

    private void lookNow(ChannelHandlerContext context) {
        timer = null;
        if (statement == null || due == null || cancelling || context.isRemoved()) {
            return;
        }
        if (!due.passed()) {
            look(context, due.remainingNanos());
        } else if (asked > 1) {
            // an earlier command, which has no deadline, would be met
            look(context, FIRST_REPEAT_NANOS);
        } else {
            cancelling = true;
            cancelled = true;
            requests.send(connection.socket().remoteAddress(), connection.getProcessId(), connection.getSecretKey())
                    .onSuccess(outcome -> context.executor().execute(() -> ended(context, outcome)));
        }
    }

    private void ended(ChannelHandlerContext context, CancelRequests.Outcome outcome) {
        if (!cancelling) {
            return;
        }
        if (outcome == CancelRequests.Outcome.UNKNOWN) {
            // nothing is sent over it any more, and what is held goes on when it is closed
            SilenceLimit.cutOff(context);
            return;
        }
        cancelling = false;
        release(context);
        if (statement != null && !context.isRemoved()) {
            look(context, repeatNanos);
            repeatNanos *= 2;
        }
    }

    private void release(ChannelHandlerContext context) {
        CommandResponse<?> response;
        while ((response = held.poll()) != null) {
            answer(context, answered(response));
        }
    }

    private static void answer(ChannelHandlerContext context, CommandResponse<?> response) {
        context.fireChannelRead(response);
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancelling = false;
        release(context);
        context.fireChannelInactive();
    }
}

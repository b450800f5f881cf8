package org.vitrina.persistence;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.vertx.sqlclient.impl.command.CommandResponse;
import io.vertx.sqlclient.impl.command.QueryCommandBase;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vitrina.runtime.trace.TraceSpan;

/**
 * Exports how long statements take at the server, from their writing to their answer, by {@link StatementSummary}. The wait
 * for a connection is no part of it. A statement of work that is traced is told as a part of that.
 */
final class StatementTimes {
    /** What our own code can say is far less: more than that is made of what somebody sent. */
    private static final int MOST_STATEMENTS = 500;

    private final Supplier<MeterRegistry> registry;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    /** @param registry asked for when there is something to time: the pool is there before it */
    StatementTimes(Supplier<MeterRegistry> registry) {
        this.registry = registry;
    }

    /** For one connection. */
    ChannelHandler handler(StatementDeadline lent) {
        return new Handler(lent);
    }

    private void answered(String sql, long nanos, Borrower borrower, boolean failed) {
        Timer timer = timers.get(sql);
        if (timer == null) {
            boolean known = timers.size() < MOST_STATEMENTS;
            timer = Timer.builder("vitrina.postgres.statement")
                    .description("Statements, from their writing to their answer")
                    .tag("statement", known ? StatementSummary.of(sql) : "other")
                    .register(registry.get());
            if (known) {
                timers.put(sql, timer);
            }
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
        if (borrower.span().isRecording()) {
            tell(String.valueOf(timer.getId().getTag("statement")), nanos, borrower, failed);
        }
    }

    private static void tell(String summary, long nanos, Borrower borrower, boolean failed) {
        TraceSpan span = borrower.span()
                .past(TraceSpan.Kind.CLIENT, summary, nanos)
                .set("db.system.name", "postgresql")
                .set("db.query.summary", summary)
                .set("vitrina.pool.wait.ms", TimeUnit.NANOSECONDS.toMillis(borrower.waitedNanos()));
        if (borrower.deadline() != null) {
            span.set("vitrina.deadline.ms", borrower.deadline().remainingMillis());
        }
        if (failed) {
            span.failed("statement");
        }
        span.end();
    }

    /** One statement at a time is under way: the pipelining limit of one (BoundedPool). */
    private final class Handler extends ChannelDuplexHandler {
        private final StatementDeadline lent;
        private @Nullable QueryCommandBase<?> statement;
        private Borrower borrower = Borrower.NOBODY;
        private long begun;

        Handler(StatementDeadline lent) {
            this.lent = lent;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof QueryCommandBase<?> query) {
                statement = query;
                borrower = lent.borrower();
                begun = System.nanoTime();
            }
            var unused = context.write(message, promise);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            QueryCommandBase<?> asked = statement;
            if (asked != null && message instanceof CommandResponse<?> response && response.cmd == asked) {
                statement = null;
                boolean failed = response.toAsyncResult().failed();
                answered(asked.sql(), System.nanoTime() - begun, borrower, failed);
            }
            context.fireChannelRead(message);
        }
    }
}

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

/**
 * Exports how long statements take at the server, from their writing to their answer, by {@link StatementSummary}. The wait
 * for a connection is no part of it.
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
    ChannelHandler handler() {
        return new Handler();
    }

    private void answered(String sql, long nanos) {
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
    }

    /** One statement at a time is under way: the pipelining limit of one (BoundedPool). */
    private final class Handler extends ChannelDuplexHandler {
        private @Nullable QueryCommandBase<?> statement;
        private long begun;

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof QueryCommandBase<?> query) {
                statement = query;
                begun = System.nanoTime();
            }
            var unused = context.write(message, promise);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            QueryCommandBase<?> asked = statement;
            if (asked != null && message instanceof CommandResponse<?> response && response.cmd == asked) {
                statement = null;
                answered(asked.sql(), System.nanoTime() - begun);
            }
            context.fireChannelRead(message);
        }
    }
}

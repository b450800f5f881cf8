package org.vitrina.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** What is kept out of the log is that one error alone. */
class LatePoolTimersTest {
    private static final StackTraceElement POOL =
            new StackTraceElement("io.vertx.sqlclient.impl.pool.SqlConnectionPool", "lambda$execute$3", null, 216);
    private static final StackTraceElement TIMER =
            new StackTraceElement("io.vertx.core.impl.VertxImpl$InternalTimerHandler", "handle", null, 1100);

    private final LatePoolTimers filter = new LatePoolTimers();

    @Test
    void isInForceWhereverADatabaseIsUsed() {
        assertThat(ConfigProvider.getConfig().getValue("quarkus.log.console.filter", String.class))
                .isEqualTo(LatePoolTimers.NAME);
    }

    @Test
    void keepsOutTheSecondFailureByThePoolsTimer() {
        assertThat(filter.isLoggable(entry("Result is already complete", POOL, TIMER)))
                .isFalse();
    }

    @Test
    void letsThroughEverythingElse() {
        assertThat(filter.isLoggable(entry("Result is already complete", POOL))).isTrue();
        assertThat(filter.isLoggable(entry("Result is already complete", TIMER)))
                .isTrue();
        assertThat(filter.isLoggable(entry("Something else", POOL, TIMER))).isTrue();
        assertThat(filter.isLoggable(new LogRecord(Level.SEVERE, "no exception")))
                .isTrue();
    }

    private static LogRecord entry(String message, StackTraceElement... trace) {
        var thrown = new IllegalStateException(message);
        thrown.setStackTrace(trace);
        var entry = new LogRecord(Level.SEVERE, "Uncaught exception received by Vert.x");
        entry.setThrown(thrown);
        return entry;
    }
}

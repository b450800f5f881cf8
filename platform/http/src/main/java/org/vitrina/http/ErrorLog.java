package org.vitrina.http;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * Logs each 5xx once, at ERROR, with its trace id: what nobody foresaw with its stack trace and always; foreseen ones
 * (a dependency away, a deadline passed) as a line, at most {@value #LINES} a second, so that a dependency's bad hour
 * does not become a full disk. The number left out is logged too.
 */
@Singleton
class ErrorLog {
    private static final Logger LOG = Logger.getLogger("org.vitrina.problem");
    private static final int LINES = 10;
    private static final long SECOND = 1_000_000_000L;

    private final LongSupplier nanoTime;
    private final AtomicLong second;
    private final AtomicInteger lines = new AtomicInteger();
    private final AtomicInteger leftOut = new AtomicInteger();

    ErrorLog() {
        this(System::nanoTime);
    }

    ErrorLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.second = new AtomicLong(nanoTime.getAsLong());
    }

    void log(ErrorCode code, String detail, String method, String path, String traceId, Throwable thrown) {
        if (!(thrown instanceof ProblemException)) {
            LOG.errorf(thrown, "%s %s: %d %s [%s]", method, path, code.status(), code.slug(), traceId);
        } else if (mayLog()) {
            LOG.errorf("%s %s: %d %s: %s [%s]", method, path, code.status(), code.slug(), detail, traceId);
        }
    }

    boolean mayLog() {
        long now = nanoTime.getAsLong();
        long since = second.get();
        if (now - since >= SECOND && second.compareAndSet(since, now)) {
            lines.set(0);
            int missing = leftOut.getAndSet(0);
            if (missing > 0) {
                LOG.errorf("%d more answers with status 5xx were not logged one by one", missing);
            }
        }
        if (lines.incrementAndGet() <= LINES) {
            return true;
        }
        leftOut.incrementAndGet();
        return false;
    }
}

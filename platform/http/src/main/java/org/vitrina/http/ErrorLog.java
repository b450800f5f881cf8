package org.vitrina.http;

import jakarta.inject.Singleton;
import java.time.Duration;
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

    private final LogLimit limit;

    ErrorLog() {
        this(System::nanoTime);
    }

    ErrorLog(LongSupplier nanoTime) {
        this.limit = new LogLimit(LINES, Duration.ofSeconds(1), nanoTime);
    }

    void log(ErrorCode code, String detail, String method, String path, String traceId, Throwable thrown) {
        if (!(thrown instanceof ProblemException)) {
            LOG.errorf(thrown, "%s %s: %d %s [%s]", method, path, code.status(), code.slug(), traceId);
        } else if (mayLog()) {
            LOG.errorf("%s %s: %d %s: %s [%s]", method, path, code.status(), code.slug(), detail, traceId);
        }
    }

    boolean mayLog() {
        if (!limit.mayLog()) {
            return false;
        }
        int missing = limit.takeLeftOut();
        if (missing > 0) {
            LOG.errorf("%d more answers with status 5xx were not logged one by one", missing);
        }
        return true;
    }
}

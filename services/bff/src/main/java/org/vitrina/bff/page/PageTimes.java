package org.vitrina.bff.page;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.vitrina.core.ProblemException;

/**
 * Exports how long pages take and what becomes of them: {@code vitrina_page_seconds} with {@code outcome} complete, degraded
 * (something is missing or old, and the page says so) or failed. What the caller is to blame for, and a page whose caller has
 * left, is none of them.
 */
@Singleton
class PageTimes {
    private static final int SERVER_ERROR = 500;

    private final Timer complete;
    private final Timer degraded;
    private final Timer failed;

    PageTimes(MeterRegistry registry) {
        this.complete = timer(registry, "complete");
        this.degraded = timer(registry, "degraded");
        this.failed = timer(registry, "failed");
    }

    private static Timer timer(MeterRegistry registry, String outcome) {
        return Timer.builder("vitrina.page")
                .description("Pages by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }

    Uni<ShopPage.Answer> timed(Uni<ShopPage.Answer> page) {
        long begun = System.nanoTime();
        return page.onItem()
                .invoke(answer -> (answer.complete() ? complete : degraded).record(since(begun), TimeUnit.NANOSECONDS))
                .onFailure(PageTimes::isOurs)
                .invoke(failure -> failed.record(since(begun), TimeUnit.NANOSECONDS));
    }

    private static boolean isOurs(Throwable failure) {
        return !(failure instanceof ProblemException problem) || problem.code().status() >= SERVER_ERROR;
    }

    private static long since(long begun) {
        return System.nanoTime() - begun;
    }
}

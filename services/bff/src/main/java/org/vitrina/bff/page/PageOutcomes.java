package org.vitrina.bff.page;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.Reason;
import org.vitrina.core.ProblemException;
import org.vitrina.http.LogLimit;

/**
 * Exports what callers of a page got, as JSON, HTML or text, and how long it took until its last part was there: {@code
 * vitrina_page_seconds} with {@code outcome} complete, degraded (by its first {@code reason}) or failed (5xx). What the caller
 * is to blame for, and a page whose caller has left, is none of them.
 */
@Singleton
public class PageOutcomes {
    private static final Logger LOG = Logger.getLogger(PageOutcomes.class);

    /** Products, their levels, cart and favorites. */
    private static final int OWN_PARTS = 4;

    private final Timer complete;
    private final Timer failed;
    private final Map<Reason, Timer> degraded = new EnumMap<>(Reason.class);
    private final Map<Gap, LogLimit> limits = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    @Inject
    PageOutcomes(MeterRegistry registry) {
        this(registry, System::nanoTime);
    }

    PageOutcomes(MeterRegistry registry, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.complete = timer(registry, "complete", "");
        this.failed = timer(registry, "failed", "");
        for (Reason reason : Reason.values()) {
            degraded.put(reason, timer(registry, "degraded", reason.text()));
        }
    }

    private static Timer timer(MeterRegistry registry, String outcome, String reason) {
        return Timer.builder("vitrina.page")
                .description("Pages by what their callers got: complete, degraded by its first reason, or failed (5xx)")
                .tag("outcome", outcome)
                .tag("reason", reason)
                .register(registry);
    }

    /**
     * What has been answered since the start.
     *
     * @param degraded by the text of the reason, those that came to pass
     */
    public record Counts(long complete, long failed, Map<String, Long> degraded) {}

    public Counts counts() {
        Map<String, Long> reasons = new TreeMap<>();
        degraded.forEach((reason, timer) -> {
            if (timer.count() > 0) {
                reasons.put(reason.text(), timer.count());
            }
        });
        return new Counts(complete.count(), failed.count(), reasons);
    }

    /** The first that was missing from a page, or old. */
    private record Gap(String part, Reason reason) {}

    /** A line a second of each kind: a page that is answered is no error, but its customer sees less. */
    private void log(Gap gap) {
        LogLimit limit = limits.computeIfAbsent(gap, kind -> new LogLimit(1, Duration.ofSeconds(1), nanoTime));
        if (limit.mayLog()) {
            int others = limit.takeLeftOut();
            LOG.infof(
                    "A page is degraded: %s %s%s",
                    gap.part(),
                    gap.reason().text(),
                    others == 0 ? "" : ", and " + others + " more since the last such line");
        }
    }

    /** A page that is being made of its parts. */
    final class Making {
        private final long begun = System.nanoTime();
        private final AtomicInteger left;
        private final AtomicReference<@Nullable Gap> first = new AtomicReference<>();

        private Making(int parts) {
            this.left = new AtomicInteger(parts);
        }

        /** A part is there, or missing or old for this reason. */
        void part(String name, @Nullable Reason reason) {
            if (reason != null) {
                first.compareAndSet(null, new Gap(name, reason));
            }
            if (left.decrementAndGet() == 0) {
                Gap gap = first.get();
                record(gap == null ? complete : Objects.requireNonNull(degraded.get(gap.reason())));
                if (gap != null) {
                    log(gap);
                }
            }
        }

        /** There is no page. What a caller asked wrongly is nobody's failure. */
        <T> Uni<T> without(ProblemException problem) {
            if (problem.code().status() >= 500) {
                fail();
            }
            return Uni.createFrom().failure(problem);
        }

        /** A part is missing without which there is no page. */
        void fail() {
            // no part that comes later makes it a page again
            if (left.getAndSet(Integer.MIN_VALUE) > 0) {
                record(failed);
            }
        }

        private void record(Timer outcome) {
            outcome.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    /** @param declared parts beside those of our own */
    Making begin(int declared) {
        return new Making(OWN_PARTS + declared);
    }

    /** A page that nobody has asked for: it never comes to its last part. */
    Making unasked() {
        return new Making(0);
    }
}

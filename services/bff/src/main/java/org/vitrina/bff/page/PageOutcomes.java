package org.vitrina.bff.page;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.Reason;
import org.vitrina.core.ProblemException;

/** Counts what callers of a page got, as JSON or as HTML: all of it, some of it, or nothing. */
@Singleton
public class PageOutcomes {
    private static final String NAME = "vitrina.page.answers";

    private final Counter complete;
    private final Counter failed;
    private final Map<Reason, Counter> degraded = new EnumMap<>(Reason.class);

    PageOutcomes(MeterRegistry registry) {
        this.complete = counter(registry, "complete", "");
        this.failed = counter(registry, "failed", "");
        for (Reason reason : Reason.values()) {
            degraded.put(reason, counter(registry, "degraded", reason.text()));
        }
    }

    private static Counter counter(MeterRegistry registry, String outcome, String reason) {
        return Counter.builder(NAME)
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
        degraded.forEach((reason, counter) -> {
            if (counter.count() > 0) {
                reasons.put(reason.text(), (long) counter.count());
            }
        });
        return new Counts((long) complete.count(), (long) failed.count(), reasons);
    }

    /** A page that is being made of its products and three parts beside. */
    final class Making {
        private final AtomicInteger left = new AtomicInteger(4);
        private final AtomicReference<@Nullable Reason> first = new AtomicReference<>();

        /** A part is there, or missing or old for this reason. */
        void part(@Nullable Reason reason) {
            if (reason != null) {
                first.compareAndSet(null, reason);
            }
            if (left.decrementAndGet() == 0) {
                Reason why = first.get();
                (why == null ? complete : Objects.requireNonNull(degraded.get(why))).increment();
            }
        }

        /** There is no page. What a caller asked wrongly is nobody's failure. */
        <T> Uni<T> without(ProblemException problem) {
            if (problem.code().status() >= 500 && left.getAndSet(0) > 0) {
                failed.increment();
            }
            return Uni.createFrom().failure(problem);
        }
    }

    Making begin() {
        return new Making();
    }
}

package org.vitrina.bff.page;

import java.util.Locale;
import org.vitrina.cache.Cached;
import org.vitrina.runtime.trace.TraceSpan;

/**
 * The {@code Server-Timing} header: each dependency, its milliseconds and outcome, which the request's span has too. Confined
 * to one event loop.
 */
final class Timings {
    private final StringBuilder header = new StringBuilder(160);
    private final long start = System.nanoTime();
    private final TraceSpan span = TraceSpan.current();

    /** @param outcome {@code ok} or the reason why not */
    void done(String dependency, long sinceNanos, String outcome) {
        long tenths = (System.nanoTime() - sinceNanos) / 100_000;
        if (!header.isEmpty()) {
            header.append(", ");
        }
        header.append(dependency)
                .append(";dur=")
                .append(tenths / 10)
                .append('.')
                .append(tenths % 10)
                .append(";desc=")
                .append(outcome);
        if (span.isRecording()) {
            span.set("vitrina.part." + dependency, outcome);
        }
    }

    /** Where what is shown of the dependency came from. */
    void origin(String dependency, Cached<?> copy) {
        if (span.isRecording()) {
            span.set(
                            "vitrina.cache." + dependency + ".origin",
                            copy.origin().name().toLowerCase(Locale.ROOT))
                    .set("vitrina.cache." + dependency + ".age.ms", copy.age().toMillis());
        }
    }

    /** When this answer's work began, in {@link System#nanoTime}. */
    long start() {
        return start;
    }

    @Override
    public String toString() {
        return header.toString();
    }
}

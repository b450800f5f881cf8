package org.vitrina.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.LogLimit;

/**
 * Tells operators of a change of one dependency, each in one line: its first failure, circuit open, probed, closed again, and
 * how many answers were given without it. However it flaps, there are few lines, and the number left out is told.
 */
final class DependencyLog {
    /** So long without a failure, and what failed without opening the circuit is well again. */
    private static final Duration WELL_AFTER = Duration.ofSeconds(5);

    /** Between two lines of probes in vain. */
    private static final Duration BETWEEN_PROBES = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger("org.vitrina.dependency");
    private static final int LINES = 6;
    private static final Duration IN = Duration.ofSeconds(10);

    private final String name;
    private final Duration pause;
    private final LongSupplier nanoTime;
    private final LogLimit limit;
    private final AtomicReference<@Nullable Outage> outage = new AtomicReference<>();

    /** @param pause for how long an open circuit has the dependency not asked */
    DependencyLog(String name, Duration pause) {
        this(name, pause, System::nanoTime);
    }

    DependencyLog(String name, Duration pause, LongSupplier nanoTime) {
        this.name = name;
        this.pause = pause;
        this.nanoTime = nanoTime;
        this.limit = new LogLimit(LINES, IN, nanoTime);
    }

    /** From the first failure on, until it is well again. */
    private final class Outage {
        private final long since = nanoTime.getAsLong();
        private final LongAdder failed = new LongAdder();
        private final LongAdder notAsked = new LongAdder();
        private final AtomicBoolean open = new AtomicBoolean();
        private final AtomicLong probes = new AtomicLong();
        private volatile long lastFailure = since;
        private volatile long lastProbeLine = since - BETWEEN_PROBES.toNanos();
        private volatile String reason = "";

        String took() {
            double seconds = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - since) / 1000.0;
            return String.format(java.util.Locale.ROOT, "%.1f s", seconds);
        }

        String without() {
            return "%d answers were given without it (%d failed or late, %d not asked)"
                    .formatted(failed.sum() + notAsked.sum(), failed.sum(), notAsked.sum());
        }
    }

    /** A call has failed or come too late, all its tries together. */
    void failed(CallFailure failure) {
        Outage now = begun();
        String told = String.valueOf(failure.getMessage());
        String reason = told.startsWith(name + ": ") ? told.substring(name.length() + 2) : told;
        now.lastFailure = nanoTime.getAsLong();
        boolean first = now.reason.isEmpty();
        now.reason = reason;
        now.failed.increment();
        if (first && !now.open.get()) {
            warn("%s fails: %s".formatted(name, reason));
        }
    }

    /** A call was not made: the circuit is open, or too many are under way. */
    void notAsked() {
        Outage now = outage.get();
        if (now != null) {
            now.notAsked.increment();
        }
    }

    /** A call was answered. */
    void answered() {
        Outage before = outage.get();
        if (before != null
                && !before.open.get()
                && nanoTime.getAsLong() - before.lastFailure >= WELL_AFTER.toNanos()
                && outage.compareAndSet(before, null)) {
            info("%s answers again after %s: %s".formatted(name, before.took(), before.without()));
        }
    }

    /** @param state of the breaker, as {@link UpstreamStatus#breaker()} has it */
    void breaker(String state) {
        switch (state) {
            case "open" -> opened(begun());
            case "half-open" -> probes(begun());
            default -> closed(outage.getAndSet(null));
        }
    }

    private void opened(Outage now) {
        if (!now.open.getAndSet(true)) {
            warn("The circuit of %s is open: it fails again and again%s. It is not asked for %d ms at a time."
                    .formatted(name, now.reason.isEmpty() ? "" : " (" + now.reason + ")", pause.toMillis()));
        }
    }

    private void probes(Outage now) {
        long probe = now.probes.incrementAndGet();
        long time = nanoTime.getAsLong();
        if (time - now.lastProbeLine >= BETWEEN_PROBES.toNanos()) {
            now.lastProbeLine = time;
            info("The circuit of %s is half-open after %s: one call tries whether it answers (probe %d). So far %s."
                    .formatted(name, now.took(), probe, now.without()));
        }
    }

    private void closed(@Nullable Outage before) {
        if (before != null && before.open.get()) {
            info("The circuit of %s is closed again after %s: %s".formatted(name, before.took(), before.without()));
        }
    }

    private Outage begun() {
        Outage now = outage.get();
        while (now == null) {
            outage.compareAndSet(null, new Outage());
            now = outage.get();
        }
        return now;
    }

    private void warn(String line) {
        write(Logger.Level.WARN, line);
    }

    private void info(String line) {
        write(Logger.Level.INFO, line);
    }

    private void write(Logger.Level level, String line) {
        if (limit.mayLog()) {
            int missing = limit.takeLeftOut();
            LOG.log(level, missing == 0 ? line : line + " (" + missing + " lines about it were left out before)");
        }
    }
}

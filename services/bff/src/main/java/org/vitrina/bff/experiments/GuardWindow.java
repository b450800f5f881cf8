package org.vitrina.bff.experiments;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What was counted in the last while, and whether a variant surely breaks what its guard asks of it. One caller at a time. */
final class GuardWindow {
    private final long nanos;
    private final LongSupplier nanoTime;
    private final Map<String, Deque<Sample>> samples = new ConcurrentHashMap<>();

    private record Sample(long at, Map<String, Tally.Counts> counts) {}

    GuardWindow(Duration length, LongSupplier nanoTime) {
        this.nanos = length.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Drops what was kept of others. */
    void keep(List<Experiment> all) {
        samples.keySet().retainAll(all.stream().map(Experiment::key).toList());
    }

    /** Looks at the counts as they are now; why a variant is to be stopped, null if none is. */
    @Nullable
    String breach(Experiment experiment, Tally tally) {
        Map<String, Tally.Counts> counts = new HashMap<>();
        experiment.shares().keySet().forEach(each -> counts.put(each, tally.of(each)));
        long now = nanoTime.getAsLong();
        Deque<Sample> all = samples.computeIfAbsent(experiment.key(), any -> new ArrayDeque<>());
        all.addLast(new Sample(now, counts));
        while (now - all.getFirst().at() > nanos) {
            all.removeFirst();
        }
        Map<String, Tally.Counts> then = all.getFirst().counts();
        for (Map.Entry<String, Tally.Counts> each : counts.entrySet()) {
            Tally.Counts before = then.get(each.getKey());
            if (!each.getKey().equals(Experiment.USUAL) && before != null) {
                String why = breach(each.getKey(), each.getValue().since(before), experiment.guard());
                if (why != null) {
                    return why;
                }
            }
        }
        return null;
    }

    private static @Nullable String breach(String variant, Tally.Counts counts, Guard guard) {
        if (counts.of(Tally.Kind.CALLS) < guard.minCalls()) {
            return null;
        }
        Proportion errors = counts.share(Tally.Kind.ERRORS, Tally.Kind.CALLS);
        if (errors.isSurelyAbove(guard.maxErrors())) {
            return said("%s: %d of %d calls failed, which is more than %s %%.", variant, errors, guard.maxErrors());
        }
        Proportion slow = counts.share(Tally.Kind.SLOW, Tally.Kind.CALLS);
        if (slow.isSurelyAbove(guard.maxSlow())) {
            return said(
                    "%s: %d of %d calls took longer than " + guard.slowMs() + " ms, which is more than %s %%.",
                    variant,
                    slow,
                    guard.maxSlow());
        }
        return null;
    }

    private static String said(String text, String variant, Proportion share, double limit) {
        return String.format(
                Locale.ROOT, text, variant, share.some(), share.of(), String.format(Locale.ROOT, "%.2f", 100 * limit));
    }
}

package org.vitrina.bff.experiments;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** What was counted of one experiment: here since it was last told, and by all replicas until then. Thread-safe. */
final class Tally {
    private static final int KINDS = Kind.values().length;

    private final Map<String, AtomicLongArray> untold = new ConcurrentHashMap<>();
    private volatile Map<String, Long> underWay = Map.of();
    private volatile Map<String, Long> told = Map.of();

    /** What is counted of a variant. */
    enum Kind {
        /** Users whom it has served. */
        EXPOSED,
        /** Of these, users who have ordered. */
        ORDERED,
        /** First tries, but those whose callers left. */
        CALLS,
        ERRORS,
        SLOW,
        /** As {@link MeanTime} has it. */
        TIME,
        TIME_SQUARED
    }

    void add(String variant, Kind kind, long some) {
        untold.computeIfAbsent(variant, any -> new AtomicLongArray(KINDS)).addAndGet(kind.ordinal(), some);
    }

    /** What all replicas have counted, as far as is known here. */
    Counts of(String variant) {
        long[] counts = new long[KINDS];
        AtomicLongArray here = untold.get(variant);
        for (Kind each : Kind.values()) {
            String field = field(variant, each);
            counts[each.ordinal()] = told.getOrDefault(field, 0L)
                    + underWay.getOrDefault(field, 0L)
                    + (here == null ? 0 : here.get(each.ordinal()));
        }
        return new Counts(counts);
    }

    /** What is to be told to the other replicas; {@link #told} or {@link #giveBack} is next. */
    Map<String, Long> take() {
        Map<String, Long> taken = new HashMap<>();
        untold.forEach((variant, counts) -> {
            for (Kind each : Kind.values()) {
                long some = counts.getAndSet(each.ordinal(), 0);
                if (some != 0) {
                    taken.put(field(variant, each), some);
                }
            }
        });
        underWay = taken;
        return taken;
    }

    /** Nobody took it: it is told later. */
    void giveBack() {
        Map<String, Long> back = underWay;
        underWay = Map.of();
        back.forEach((field, some) -> {
            int end = field.lastIndexOf('/');
            add(field.substring(0, end), Kind.valueOf(field.substring(end + 1).toUpperCase(Locale.ROOT)), some);
        });
    }

    /** What all have told until now. */
    void told(Map<String, Long> all) {
        told = Map.copyOf(all);
        underWay = Map.of();
    }

    private static String field(String variant, Kind kind) {
        return variant + "/" + kind.name().toLowerCase(Locale.ROOT);
    }

    /** Counts of a variant. */
    static final class Counts {
        private final long[] counts;

        private Counts(long[] counts) {
            this.counts = counts;
        }

        long of(Kind kind) {
            return counts[kind.ordinal()];
        }

        Proportion share(Kind some, Kind of) {
            return new Proportion(of(some), of(of));
        }

        MeanTime time() {
            return new MeanTime(of(Kind.CALLS), of(Kind.TIME), of(Kind.TIME_SQUARED));
        }

        /** What was counted since. */
        Counts since(Counts before) {
            long[] grown = new long[KINDS];
            for (int i = 0; i < KINDS; i++) {
                grown[i] = counts[i] - before.counts[i];
            }
            return new Counts(grown);
        }
    }
}

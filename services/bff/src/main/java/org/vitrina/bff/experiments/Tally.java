package org.vitrina.bff.experiments;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What was counted of one experiment: here since it was last told, and by all replicas until then. Thread-safe. */
final class Tally {
    private final Map<String, Map<Kind, AtomicLong>> untold = new ConcurrentHashMap<>();
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
        Objects.requireNonNull(untold.computeIfAbsent(variant, any -> zeros()).get(kind))
                .addAndGet(some);
    }

    /** All kinds from the start, so that the map itself never changes. */
    private static Map<Kind, AtomicLong> zeros() {
        Map<Kind, AtomicLong> zeros = new EnumMap<>(Kind.class);
        for (Kind each : Kind.values()) {
            zeros.put(each, new AtomicLong());
        }
        return zeros;
    }

    /** What all replicas have counted, as far as is known here. */
    Counts of(String variant) {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        Map<Kind, AtomicLong> here = untold.getOrDefault(variant, Map.of());
        for (Kind each : Kind.values()) {
            String field = field(variant, each);
            AtomicLong counted = here.get(each);
            counts.put(
                    each,
                    told.getOrDefault(field, 0L)
                            + underWay.getOrDefault(field, 0L)
                            + (counted == null ? 0 : counted.get()));
        }
        return new Counts(counts);
    }

    /** What is to be told to the other replicas; {@link #told} or {@link #giveBack} is next. */
    Map<String, Long> take() {
        Map<String, Long> taken = new HashMap<>();
        untold.forEach((variant, counts) -> {
            counts.forEach((kind, count) -> {
                long some = count.getAndSet(0);
                if (some != 0) {
                    taken.put(field(variant, kind), some);
                }
            });
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
        private final Map<Kind, Long> counts;

        private Counts(Map<Kind, Long> counts) {
            this.counts = counts;
        }

        long of(Kind kind) {
            return counts.getOrDefault(kind, 0L);
        }

        Proportion share(Kind some, Kind of) {
            return new Proportion(of(some), of(of));
        }

        MeanTime time() {
            return new MeanTime(of(Kind.CALLS), of(Kind.TIME), of(Kind.TIME_SQUARED));
        }

        /** What was counted since. */
        Counts since(Counts before) {
            Map<Kind, Long> grown = new EnumMap<>(Kind.class);
            counts.forEach((kind, count) -> grown.put(kind, count - before.of(kind)));
            return new Counts(grown);
        }
    }
}

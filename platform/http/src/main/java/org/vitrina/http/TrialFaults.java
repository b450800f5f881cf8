package org.vitrina.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The faults that are switched on here, each with its end: kept in this process alone and ended by its own clock, whoever
 * has asked for them and whatever has become of that one since.
 */
@Singleton
class TrialFaults {
    static final int MOST = 32;

    private final LongSupplier nanos;
    private final AtomicReference<List<Active>> all = new AtomicReference<>(List.of());

    TrialFaults() {
        this(System::nanoTime);
    }

    private TrialFaults(LongSupplier nanos) {
        this.nanos = nanos;
    }

    static TrialFaults by(LongSupplier nanos) {
        return new TrialFaults(nanos);
    }

    /**
     * What a request meets.
     *
     * @param leftMillis until the fault ends, at least 1
     */
    record Met(TrialFault fault, long leftMillis) {}

    private record Active(String id, TrialFault fault, long begin, long end, AtomicLong seen, AtomicLong met) {
        boolean ended(long now) {
            return now - end >= 0;
        }

        boolean begun(long now) {
            return now - begin >= 0;
        }
    }

    /** Switches one on, in place of the one of the same id; false where there are as many as may be. */
    boolean set(String id, TrialFault fault) {
        long now = nanos.getAsLong();
        long begin = now + TimeUnit.MILLISECONDS.toNanos(fault.afterMillis());
        long end = begin + TimeUnit.MILLISECONDS.toNanos(fault.forMillis());
        var one = new Active(id, fault, begin, end, new AtomicLong(), new AtomicLong());
        return all.updateAndGet(known -> {
                    List<Active> others = without(id, known, now);
                    return others.size() < MOST
                            ? Stream.concat(others.stream(), Stream.of(one)).toList()
                            : others;
                })
                .contains(one);
    }

    /** Switches one off, or does nothing where it is not on. */
    void end(String id) {
        long now = nanos.getAsLong();
        all.updateAndGet(known -> without(id, known, now));
    }

    void endAll() {
        all.set(List.of());
    }

    private List<Active> now() {
        return Objects.requireNonNull(all.get());
    }

    private static List<Active> without(String id, List<Active> known, long now) {
        return known.stream()
                .filter(each -> !each.id().equals(id) && !each.ended(now))
                .toList();
    }

    /** What the request that comes now for this path meets: the first that was switched on of those that it falls to. */
    @Nullable
    Met meet(String path) {
        List<Active> now = now();
        return now.isEmpty() ? null : meet(path, now, nanos.getAsLong());
    }

    private static @Nullable Met meet(String path, List<Active> all, long now) {
        for (Active each : all) {
            if (each.begun(now)
                    && !each.ended(now)
                    && each.fault().concerns(path)
                    && each.fault().meets(each.seen().getAndIncrement())) {
                each.met().incrementAndGet();
                return new Met(each.fault(), millis(each.end() - now));
            }
        }
        return null;
    }

    /** As it is answered: {@code {"faults":[…]}}, those that have not ended. */
    JsonObject status() {
        long now = nanos.getAsLong();
        JsonArray faults = new JsonArray();
        for (Active each : now()) {
            if (!each.ended(now)) {
                faults.add(status(each, now));
            }
        }
        return new JsonObject().put("faults", faults);
    }

    private static JsonObject status(Active each, long now) {
        TrialFault fault = each.fault();
        JsonObject status = new JsonObject()
                .put("id", each.id())
                .put("kind", fault.kind().text())
                .put("route", fault.route())
                .put("share", fault.share());
        if (fault.kind() == TrialFault.Kind.LATENCY) {
            status.put("delay_ms", fault.delayMillis());
        } else if (fault.kind() == TrialFault.Kind.ERROR) {
            status.put("status", fault.status());
        }
        return status.put("seed", fault.seed())
                .put("begins_in_ms", each.begun(now) ? 0 : millis(each.begin() - now))
                .put("ends_in_ms", millis(each.end() - now))
                .put("seen", each.seen().get())
                .put("met", each.met().get());
    }

    private static long millis(long nanos) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    }
}

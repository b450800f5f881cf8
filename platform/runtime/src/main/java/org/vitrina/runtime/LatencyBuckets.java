package org.vitrina.runtime;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The edges of the buckets of every timer that an objective or a panel reads, in one place: a share of what was fast enough
 * can be had of an edge only. Whoever makes such a timer names it as it stands here.
 */
@Singleton
class LatencyBuckets implements MeterFilter {
    private static final long[] ANSWERS = {25, 50, 100, 250, 500, 1_000, 2_000};

    private static final Map<String, double[]> EDGES = edges();

    private static Map<String, double[]> edges() {
        Map<String, double[]> edges = new HashMap<>();
        edges.put("http.server.requests", millis(ANSWERS));
        edges.put("vitrina.page", millis(ANSWERS));
        edges.put("vitrina.client.duration", millis(5, 10, 25, 50, 100, 250, 500, 1_000, 2_000));
        edges.put("vitrina.cache.lookup", micros(100, 500, 1_000, 5_000, 10_000, 50_000, 100_000));
        edges.put("vitrina.postgres.statement", millis(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_000));
        edges.put(
                "vitrina.orders.decided", millis(100, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 600_000));
        edges.put("vitrina.orders.step", millis(10, 25, 50, 100, 250, 500, 1_000, 2_000, 5_000));
        edges.put("vitrina.outbox.wait", millis(10, 50, 100, 500, 1_000, 5_000, 10_000, 60_000, 300_000));
        edges.put("vitrina.notifications.delay", millis(1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000));
        return Map.copyOf(edges);
    }

    /** A timer's edges are nanoseconds to its registry. */
    private static double[] millis(long... edges) {
        return Arrays.stream(edges)
                .mapToDouble(edge -> Duration.ofMillis(edge).toNanos())
                .toArray();
    }

    private static double[] micros(long... edges) {
        return Arrays.stream(edges).mapToDouble(edge -> edge * 1_000.0).toArray();
    }

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
        double[] edges = EDGES.get(id.getName());
        return edges == null
                ? config
                : DistributionStatisticConfig.builder()
                        .serviceLevelObjectives(edges)
                        .build()
                        .merge(config);
    }
}

package org.vitrina.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatencyBucketsTest {
    private final SimpleMeterRegistry registry = registry();

    private static SimpleMeterRegistry registry() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.config().meterFilter(new LatencyBuckets());
        return registry;
    }

    @Test
    void countsAPageByTheEdgesOfItsObjective() {
        Timer pages = registry.timer("vitrina.page", "outcome", "complete");
        pages.record(Duration.ofMillis(25));
        pages.record(Duration.ofMillis(26));
        pages.record(Duration.ofMillis(2_001));
        assertThat(pages.takeSnapshot().histogramCounts())
                .extracting(bucket -> bucket.bucket(TimeUnit.MILLISECONDS), CountAtBucket::count)
                .startsWith(
                        org.assertj.core.groups.Tuple.tuple(25.0, 1.0), org.assertj.core.groups.Tuple.tuple(50.0, 2.0))
                .endsWith(org.assertj.core.groups.Tuple.tuple(2_000.0, 2.0));
    }

    @Test
    void hasAnEdgeWhereTheObjectivesOfOrdersAndMessagesAre() {
        assertThat(edges("vitrina.orders.decided")).contains(10_000.0);
        assertThat(edges("vitrina.notifications.delay")).contains(60_000.0);
    }

    @Test
    void leavesAllOtherTimersWithoutBuckets() {
        assertThat(edges("something.else")).isEmpty();
    }

    private double[] edges(String name) {
        return Arrays.stream(registry.timer(name).takeSnapshot().histogramCounts())
                .mapToDouble(bucket -> bucket.bucket(TimeUnit.MILLISECONDS))
                .toArray();
    }
}

package org.vitrina.messaging;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How queues are consumed. */
@ConfigMapping(prefix = "vitrina.queues")
public interface QueuesConfig {
    /** Whether this process consumes its queues. */
    @WithDefault("true")
    boolean consume();

    /** Messages that may be under way in this process, of each queue. */
    @WithDefault("32")
    @Min(1)
    @Max(1_000)
    int prefetch();

    /** A larger message is not handled: it becomes a dead letter. */
    @WithDefault("64K")
    MemorySize largestMessage();

    /** Attempts before a message becomes a dead letter; one during which the process ended is one too. */
    @WithDefault("5")
    @Min(1)
    int attempts();

    /** The pause before the second attempt; each further one is four times as long. */
    @WithDefault("1s")
    @DurationMin(millis = 10)
    Duration firstPause();

    /** The longest pause between two attempts. */
    @WithDefault("5m")
    @DurationMin(millis = 10)
    Duration longestPause();

    /** How long an attempt at a parked message may take before another process makes it. */
    @WithDefault("30s")
    @DurationMin(millis = 100)
    Duration lease();

    /** How often parked messages are looked for. */
    @WithDefault("500ms")
    @DurationMin(millis = 10)
    Duration poll();

    /** How long it is remembered that an event was acted on: longer than any repetition can be late. */
    @WithDefault("30d")
    @DurationMin(minutes = 1)
    Duration remember();
}

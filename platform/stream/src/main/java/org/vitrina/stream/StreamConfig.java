package org.vitrina.stream;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How queues are read in batches. */
@ConfigMapping(prefix = "vitrina.stream")
public interface StreamConfig {
    /** Whether this process consumes its queues. */
    @WithDefault("true")
    boolean consume();

    /**
     * Messages of a queue that may be in this process, from their delivery until their acknowledgement: what bounds its memory.
     * The rate is at most this many in the time that the broker takes to confirm one.
     */
    @WithDefault("2000")
    @Min(1)
    @Max(65_535)
    int prefetch();

    /** Messages that are handled together at most. */
    @WithDefault("250")
    @Min(1)
    @Max(5_000)
    int batch();

    /** How long the broker may take to confirm a message; then the connection is replaced and what was not confirmed comes again. */
    @WithDefault("10s")
    @DurationMin(millis = 100)
    Duration confirmTimeout();

    /** A larger message is a dead letter without being looked at. */
    @WithDefault("64K")
    MemorySize largestMessage();
}

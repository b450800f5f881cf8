package org.vitrina.http;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of streams of what changes in a database, for a group of a service's own mapping. */
public interface EventStreamConfig {
    /** How often what is watched is looked at, all of it together. */
    @WithDefault("250ms")
    @DurationMin(millis = 10)
    Duration poll();

    /** Pause between two signs of life of a stream in which nothing happens. */
    @WithDefault("15s")
    @DurationMin(millis = 100)
    Duration heartbeat();
}

package org.vitrina.messaging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How the relay empties the outbox. */
@ConfigMapping(prefix = "vitrina.outbox")
public interface OutboxConfig {
    /** Whether this process sends what is in the outbox; each replica may. */
    @WithDefault("true")
    boolean relay();

    /** Ordering keys of which events are sent together. */
    @WithDefault("256")
    @Min(1)
    @Max(5_000)
    int batch();

    /** Events of one ordering key that are sent in one batch. */
    @WithDefault("16")
    @Min(1)
    @Max(1_000)
    int batchOfKey();

    /** How long events belong to the relay that took them; what a dead one held is sent by another after that. */
    @WithDefault("30s")
    @DurationMin(millis = 100)
    Duration lease();

    /** How long the broker may take to confirm a batch; never more than two thirds of the lease. */
    @WithDefault("5s")
    @DurationMin(millis = 50)
    Duration confirmTimeout();

    /** How long events are gathered after the first is added, so that one batch takes them all. */
    @WithDefault("20ms")
    @DurationMin(millis = 1)
    Duration gather();

    /** How often the relay looks without being woken: finds what a dead process left. */
    @WithDefault("1s")
    @DurationMin(millis = 10)
    Duration poll();
}

package org.vitrina.persistence.idempotency;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How long keys are remembered. */
@ConfigMapping(prefix = "vitrina.idempotency")
public interface IdempotencyConfig {
    /** How long an answer is repeated for its key, at least a day. */
    @WithDefault("48h")
    @DurationMin(hours = 24)
    Duration keep();

    /** Pause between two rounds of removing what is older. */
    @WithDefault("10m")
    @DurationMin(millis = 10)
    Duration purgeInterval();
}

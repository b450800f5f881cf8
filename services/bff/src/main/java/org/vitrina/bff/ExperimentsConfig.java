package org.vitrina.bff;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Experiments: which releases of a service there are beside the usual one, of which {@code /ops/experiments} gives shares to users. */
@ConfigMapping(prefix = "vitrina.experiments")
public interface ExperimentsConfig {
    /**
     * Releases beside the usual ones, blanks between: {@code products/newest=http://products-newest}, {@code
     * cart/next=stork://cart?version=2} for replicas of a version, {@code orders/next} where a gateway tells releases apart by the
     * header {@code Vitrina-Variant: orders/next}. Users are led to no other address.
     */
    Optional<String> variants();

    /** How often replicas tell each other, by the Redis of {@code vitrina.session.redis-url}, what was decided and counted. */
    @WithDefault("1s")
    @DurationMin(millis = 100)
    @DurationMax(minutes = 1)
    Duration syncInterval();

    /** The last so long that the guard of a variant judges. */
    @WithDefault("1m")
    @DurationMin(seconds = 1)
    @DurationMax(hours = 1)
    Duration guardWindow();
}

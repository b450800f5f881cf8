package org.vitrina.products;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** The settings of the products service. */
@ConfigMapping(prefix = "vitrina.products")
public interface ProductsConfig {
    /** How long a proxy or browser may reuse a list without asking, 0 s to 1 h. */
    @WithDefault("5s")
    @DurationMin(seconds = 0)
    @DurationMax(hours = 1)
    Duration listMaxAge();

    /** How long a proxy may serve its copy of a list while this service fails, 0 s to 1 day. */
    @WithDefault("10m")
    @DurationMin(seconds = 0)
    @DurationMax(days = 1)
    Duration listStaleIfError();
}

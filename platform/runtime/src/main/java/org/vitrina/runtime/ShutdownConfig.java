package org.vitrina.runtime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the way out after SIGTERM or SIGINT. */
@ConfigMapping(prefix = "vitrina.shutdown")
public interface ShutdownConfig {
    /** How long requests are still served as usual, for those who have not heard yet; longer than an endpoint's removal takes to spread. */
    @WithDefault("0s")
    Duration delay();

    /** How long, after that, requests in flight may take to finish. */
    @WithDefault("10s")
    Duration timeout();
}

package org.vitrina.overload;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the adaptive limit on requests served at once. */
@ConfigMapping(prefix = "vitrina.overload")
public interface OverloadConfig {
    /** Whether requests beyond the limit are rejected. */
    @WithDefault("true")
    boolean enabled();

    /** The limit never falls below this. */
    @WithDefault("64")
    int minLimit();

    /** The limit at the start. */
    @WithDefault("256")
    int initialLimit();

    /** The limit never rises above this. */
    @WithDefault("10000")
    int maxLimit();

    /** An event loop that is usually later than this has more to do than it can: the limit goes down. */
    @WithDefault("3ms")
    Duration targetDelay();
}

package org.vitrina.overload;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the adaptive limit on requests served at once, and of the queue before it. */
@ConfigMapping(prefix = "vitrina.overload")
public interface OverloadConfig {
    /** Whether requests beyond the limit wait, and those that wait too long are rejected. */
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

    /** A queue whose oldest has waited longer than this all through {@code queue-interval} stands: it is kept so short. */
    @WithDefault("10ms")
    Duration queueTarget();

    /** For so long a queue counts as a burst, which is served in the order of its coming: half of the usual deadline. */
    @WithDefault("500ms")
    Duration queueInterval();

    /** What all who wait may hold of the memory together; one more is rejected. */
    @WithDefault("16M")
    MemorySize queueMemory();
}

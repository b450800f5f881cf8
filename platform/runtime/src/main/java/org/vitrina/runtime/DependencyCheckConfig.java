package org.vitrina.runtime;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How dependencies are checked; part of the settings of every service ({@code vitrina.web}). */
public interface DependencyCheckConfig {
    /** How long one dependency's check may take before it counts as down. */
    @WithDefault("800ms")
    Duration dependencyCheckTimeout();
}

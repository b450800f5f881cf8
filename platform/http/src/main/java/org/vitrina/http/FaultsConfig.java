package org.vitrina.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the faults that an operator may try. */
@ConfigMapping(prefix = "vitrina.faults")
public interface FaultsConfig {
    /** Whether faults can be switched on at this service's management port ({@code /ops/faults}); for trials only. */
    @WithDefault("false")
    boolean enabled();
}

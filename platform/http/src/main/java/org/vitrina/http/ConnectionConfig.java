package org.vitrina.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of connections between callers and services. */
@ConfigMapping(prefix = "vitrina.http")
public interface ConnectionConfig {
    /**
     * Age of a connection from which on the next answer asks its client to leave it, give or take a fifth, so that
     * connections spread over replicas that have come since.
     */
    @WithDefault("30s")
    Duration connectionAge();
}

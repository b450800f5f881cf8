package org.vitrina.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Connections between services, on both sides. */
@ConfigMapping(prefix = "vitrina.http")
public interface ConnectionConfig {
    /**
     * How old a connection grows, give or take a fifth: a Kubernetes Service balances connections, not requests, so that a new
     * instance gets its share only as connections end.
     */
    @WithDefault("30s")
    @DurationMin(millis = 100)
    Duration connectionAge();
}

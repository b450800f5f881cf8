package org.vitrina.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of connections between callers and services. */
@ConfigMapping(prefix = "vitrina.http")
public interface ConnectionConfig {
    /**
     * Age of a connection from which on the next answer asks its client to leave it, and its client does so by itself, give
     * or take a fifth: connections spread over replicas that have come since.
     */
    @WithDefault("30s")
    @DurationMin(millis = 100)
    Duration connectionAge();

    /**
     * The networks of the proxies before this service, such as {@code 10.0.0.0/8,fd00::/8}: what they say in
     * {@code X-Forwarded-Prefix} is put before each path of an answer; {@code X-Forwarded-Host} and {@code X-Forwarded-Proto} say
     * which origin is our own, {@code X-Forwarded-For} whose address it is. Nobody else is believed.
     */
    Optional<TrustedProxies> trustedProxies();
}

package org.vitrina.registry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of the registry. */
@ConfigMapping(prefix = "vitrina.registry")
public interface RegistryConfig {
    /** A replica that has not been renewed for so long is taken off; replicas renew three times as often. */
    @WithDefault("15s")
    @DurationMin(millis = 300)
    @DurationMax(minutes = 10)
    Duration ttl();

    /** How often a replica of the registry looks what the others have written into Redis. */
    @WithDefault("50ms")
    @DurationMin(millis = 10)
    @DurationMax(seconds = 10)
    Duration syncInterval();

    /** After that Redis counts as absent for a second, and the registry goes on without it. */
    @WithDefault("250ms")
    @DurationMin(millis = 10)
    @DurationMax(seconds = 5)
    Duration redisTimeout();

    /**
     * Networks that replicas may be in, such as {@code 10.0.0.0/8,fd00::/8}: callers are led to no other address. Without them
     * this machine alone, {@code 127.0.0.0/8,::1}.
     */
    Optional<String> networks();

    /**
     * Of services the secret with which their replicas register ({@code Authorization: Bearer ...}), such as {@code
     * cart=one,orders=another}. Who registers for a service without one must be on this machine.
     */
    Optional<String> secrets();
}

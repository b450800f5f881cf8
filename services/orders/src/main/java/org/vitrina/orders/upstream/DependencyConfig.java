package org.vitrina.orders.upstream;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;

/** How one dependency is called. */
public interface DependencyConfig {
    /** Where it listens, such as {@code http://wallet}. */
    URI url();

    /** How long a call may take, all its tries together. */
    @WithDefault("1s")
    Duration timeout();

    /** Calls that the breaker looks back on. */
    @WithDefault("20")
    @Min(1)
    int window();

    /** Failures among them that open the breaker. */
    @WithDefault("10")
    @Min(1)
    int maxFailures();

    /** How long an open breaker waits before it lets a single call probe. */
    @WithDefault("5s")
    Duration resetInterval();

    /** Tries after the first; all our calls are idempotent. */
    @WithDefault("3")
    @Min(0)
    @Max(10)
    int maxRetries();

    /** Pause before a retry. */
    @WithDefault("20ms")
    Duration retryInterval();

    /** At most this much is added to each pause at random. */
    @WithDefault("20ms")
    Duration retryJitter();

    /** Retries allowed as a share of calls. */
    @WithDefault("0.3")
    double retryShare();

    /** Retries a second allowed beyond that share. */
    @WithDefault("10")
    @Min(1)
    int retriesPerSecond();

    /** Connections open at once. */
    @WithDefault("64")
    @Min(1)
    int maxConnections();

    /** Calls that may wait for a connection; one more fails as overloaded. */
    @WithDefault("2048")
    @Min(0)
    int maxWaiting();

    /** How long a connection may take to open. */
    @WithDefault("500ms")
    Duration connectTimeout();

    /** An answer larger than this is an error. */
    @WithDefault("1M")
    MemorySize maxAnswer();
}

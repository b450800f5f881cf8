package org.vitrina.client;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How calls to one dependency are made and guarded, wherever it listens. */
public interface CallConfig {
    String TIMEOUT = "1s";
    String WINDOW = "20";
    String MAX_FAILURES = "14";
    String RESET_INTERVAL = "5s";
    String MAX_RETRIES = "3";
    String MAX_CONNECTIONS = "512";
    String CONNECT_TIMEOUT = "500ms";

    /** How long a call may take, all its tries together. */
    @WithDefault(TIMEOUT)
    @DurationMin(millis = 10)
    @DurationMax(minutes = 1)
    Duration timeout();

    /** A read without an answer for so long is asked a second time on another connection, from the budget of retries. */
    @WithDefault("300ms")
    @DurationMin(millis = 1)
    Duration hedgeAfter();

    /** Tries that the breaker looks back on. */
    @WithDefault(WINDOW)
    @Min(1)
    int window();

    /** Failures among them that open the breaker. */
    @WithDefault(MAX_FAILURES)
    @Min(1)
    int maxFailures();

    /** How long an open breaker waits before it lets a single try probe. */
    @WithDefault(RESET_INTERVAL)
    Duration resetInterval();

    /** Tries after the first. */
    @WithDefault(MAX_RETRIES)
    @Min(0)
    @Max(10)
    int maxRetries();

    /** Pause before a retry. */
    @WithDefault("20ms")
    Duration retryInterval();

    /** At most this much is added to each pause at random. */
    @WithDefault("20ms")
    Duration retryJitter();

    /** Retries and second questions allowed as a share of calls. */
    @WithDefault("0.3")
    double retryShare();

    /** Retries and second questions a second allowed beyond that share. */
    @WithDefault("10")
    @Min(1)
    int retriesPerSecond();

    /** Connections open at once; the raw transport shares them out evenly among the event loops. */
    @WithDefault(MAX_CONNECTIONS)
    @Min(1)
    int maxConnections();

    /** Calls that may wait for a connection, each until its time is up; one more fails as overloaded. */
    @WithDefault("8192")
    @Min(0)
    int maxWaiting();

    /** How long a connection may take to open. */
    @WithDefault(CONNECT_TIMEOUT)
    Duration connectTimeout();

    /** An answer larger than this is an error. */
    @WithDefault("1M")
    MemorySize maxAnswer();
}

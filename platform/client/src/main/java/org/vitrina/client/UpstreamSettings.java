package org.vitrina.client;

import java.time.Duration;

/**
 * How one dependency is called.
 *
 * @param name short name in answers, metrics and logs, such as {@code products}
 * @param timeout how long a call, all its tries together, may take
 * @param maxRetries tries after the first
 * @param retryInterval pause before each retry
 * @param retryJitter at most this much is added to each pause at random
 * @param retryShare retries allowed as a share of calls (0.3: 30 %)
 * @param retriesPerSecond retries allowed beyond that share
 */
public record UpstreamSettings(
        String name,
        Duration timeout,
        int maxRetries,
        Duration retryInterval,
        Duration retryJitter,
        double retryShare,
        int retriesPerSecond) {}

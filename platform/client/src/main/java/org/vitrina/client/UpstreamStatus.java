package org.vitrina.client;

/**
 * What an operator sees of one dependency; counts since the process started, times in milliseconds over the last minutes.
 *
 * @param breaker {@code closed}, {@code open} or {@code half-open}
 * @param rejected calls not made: breaker open, or too many under way
 * @param retryBudget retries that could be made at once
 */
public record UpstreamStatus(
        String name,
        String breaker,
        long calls,
        long successes,
        long failures,
        long timeouts,
        long retries,
        long rejected,
        double retryBudget,
        double p50Ms,
        double p99Ms) {}

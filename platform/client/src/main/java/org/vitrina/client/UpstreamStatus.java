package org.vitrina.client;

/**
 * What an operator sees of one dependency; counts since the process started, times in milliseconds over the last minutes.
 *
 * @param breaker {@code closed}, {@code open} or {@code half-open}
 * @param calls all of them: the sum of successes, failures, timeouts, rejected, refused and abandoned
 * @param hedges reads that were asked a second time since the first call had no answer
 * @param rejected calls not made: breaker open, or too many under way
 * @param refused calls that the dependency answered with 4xx where that is no answer to hand on
 * @param abandoned calls given up since nobody waited for them any more: the caller left, or the page could not be made
 * @param retryBudget retries and hedges that could be made at once
 */
public record UpstreamStatus(
        String name,
        String breaker,
        long calls,
        long successes,
        long failures,
        long timeouts,
        long retries,
        long hedges,
        long rejected,
        long refused,
        long abandoned,
        double retryBudget,
        double p50Ms,
        double p99Ms) {}

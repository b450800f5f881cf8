package org.vitrina.bff.experiments;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * An experiment as an operator asks for it.
 *
 * @param service a dependency of the BFF that has variants
 * @param shares of users in percent by variant, 100 together
 * @param until when it ends, at most 90 days from now
 * @param maxErrors largest share of calls that may fail; 0.05 if left out
 * @param slowMs a call that takes longer is slow; 250 if left out
 * @param maxSlow largest share of calls that may be slow; 0.05 if left out
 * @param minCalls with fewer in the guard's window nothing is judged; 100 if left out
 */
public record NewExperiment(
        @NotNull @Size(max = 63) String service,
        @NotNull @Size(min = 1, max = 10) Map<String, Integer> shares,
        @NotNull Instant until,
        @Nullable @DecimalMin("0.0001") @DecimalMax("1") Double maxErrors,
        @Nullable @Min(1) @Max(60_000) Integer slowMs,
        @Nullable @DecimalMin("0.0001") @DecimalMax("1") Double maxSlow,
        @Nullable @Min(10) @Max(1_000_000) Integer minCalls) {
    private static final Duration LONGEST = Duration.ofDays(90);

    /**
     * The experiment, or the 400 that says why there is none.
     *
     * @param known variants of the service
     */
    Experiment named(String name, Set<String> known, @Nullable Experiment before, Instant now) {
        if (!name.matches("[a-z][a-z0-9-]{0,39}")) {
            throw refused("The name of an experiment is 1 to 40 small letters, digits and hyphens, a letter first.");
        }
        if (known.isEmpty()) {
            throw refused("service has no variants: those of vitrina.experiments.variants can be tried.");
        }
        int sum = 0;
        for (Map.Entry<String, Integer> each : shares.entrySet()) {
            if (!known.contains(each.getKey())) {
                throw refused("shares names a variant that " + service + " does not have; it has "
                        + String.join(", ", known) + ".");
            }
            Integer share = each.getValue();
            if (share == null || share < 0 || share > 100) {
                throw refused("Each of the shares must be a whole number from 0 to 100.");
            }
            sum += share;
        }
        if (sum != 100) {
            throw refused("The shares must be 100 together; they are " + sum + ".");
        }
        if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
            throw refused("until must be an instant to come, at most 90 days from now.");
        }
        Instant begun =
                before != null && before.service().equals(service) && before.isRunning(now) ? before.begun() : now;
        return new Experiment(name, service, new TreeMap<>(shares), begun, until, null, guard());
    }

    private Guard guard() {
        Guard usual = Guard.USUAL;
        return new Guard(
                maxErrors == null ? usual.maxErrors() : maxErrors,
                slowMs == null ? usual.slowMs() : slowMs,
                maxSlow == null ? usual.maxSlow() : maxSlow,
                minCalls == null ? usual.minCalls() : minCalls);
    }

    private static ProblemException refused(String why) {
        return new ProblemException(ErrorCode.BAD_REQUEST, why);
    }
}

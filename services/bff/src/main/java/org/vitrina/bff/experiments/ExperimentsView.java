package org.vitrina.bff.experiments;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Experiments, how their variants fare, and how they came to be.
 *
 * @param shared whether other replicas know of them
 * @param ageMs for how long nobody has confirmed that they are still these
 * @param variants that there are, by service
 * @param history the last changes, newest first
 */
public record ExperimentsView(
        boolean shared,
        long ageMs,
        Map<String, Set<String>> variants,
        List<One> experiments,
        List<ExperimentChange> history) {
    /**
     * One experiment.
     *
     * @param state {@code running}, {@code stopped} or {@code expired}
     * @param stopped why it is, where it is
     */
    public record One(
            String name,
            String service,
            String state,
            Instant begun,
            Instant until,
            @Nullable String stopped,
            Guard guard,
            List<Arm> arms) {
        static One of(Experiment experiment, Tally tally, Instant now) {
            Tally.Counts usual = tally.of(Experiment.USUAL);
            return new One(
                    experiment.name(),
                    experiment.service(),
                    experiment.state(now),
                    experiment.begun(),
                    experiment.until(),
                    experiment.stopped(),
                    experiment.guard(),
                    experiment.shares().entrySet().stream()
                            .map(each -> Arm.of(each.getKey(), each.getValue(), tally.of(each.getKey()), usual))
                            .toList());
        }
    }

    /**
     * How a variant fares.
     *
     * @param share of users in percent
     * @param users whom it has served
     * @param ordered of these, who have ordered
     * @param calls first tries
     */
    public record Arm(
            String variant,
            int share,
            long users,
            long ordered,
            long calls,
            Figures figures,
            @Nullable Figures lessDefault) {
        static Arm of(String variant, int share, Tally.Counts counts, Tally.Counts usual) {
            Proportion conversion = counts.share(Tally.Kind.ORDERED, Tally.Kind.EXPOSED);
            Proportion errors = counts.share(Tally.Kind.ERRORS, Tally.Kind.CALLS);
            Proportion slow = counts.share(Tally.Kind.SLOW, Tally.Kind.CALLS);
            return new Arm(
                    variant,
                    share,
                    counts.of(Tally.Kind.EXPOSED),
                    counts.of(Tally.Kind.ORDERED),
                    counts.of(Tally.Kind.CALLS),
                    new Figures(
                            conversion.interval(),
                            errors.interval(),
                            slow.interval(),
                            counts.time().interval()),
                    variant.equals(Experiment.USUAL)
                            ? null
                            : new Figures(
                                    conversion.less(usual.share(Tally.Kind.ORDERED, Tally.Kind.EXPOSED)),
                                    errors.less(usual.share(Tally.Kind.ERRORS, Tally.Kind.CALLS)),
                                    slow.less(usual.share(Tally.Kind.SLOW, Tally.Kind.CALLS)),
                                    counts.time().less(usual.time())));
        }
    }

    /**
     * With 95 % confidence each.
     *
     * @param conversion share of its users who have ordered
     * @param errors share of its calls that failed
     * @param slow share of its calls that took longer than the guard's limit
     * @param meanMs of its calls
     */
    public record Figures(Interval conversion, Interval errors, Interval slow, Interval meanMs) {}
}

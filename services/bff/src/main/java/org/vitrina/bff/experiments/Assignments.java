package org.vitrina.bff.experiments;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.session.Callers;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Release;
import org.vitrina.client.Releases;

/** Gives each user the releases that the running experiments have for them, and counts how these fare. Asks nobody. */
@Singleton
public class Assignments {
    private final SharedPolicy policy;
    private final Variants variants;
    private final Exposures exposures;
    private final MeterRegistry registry;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    Assignments(SharedPolicy policy, Variants variants, Exposures exposures, MeterRegistry registry) {
        this.policy = policy;
        this.variants = variants;
        this.exposures = exposures;
        this.registry = registry;
    }

    /** Whether nobody is given anything but the usual releases. */
    public boolean isIdle() {
        return policy.now().experiments().isEmpty();
    }

    /**
     * The releases for a user.
     *
     * @param user {@link Callers#NOBODY} is in no experiment
     * @param tried {@code <service>/<variant>} that a tester asks for, which counts for nothing; null for none
     */
    public Releases of(int user, @Nullable String tried) {
        return new OfUser(user, tried == null ? null : variants.named(tried));
    }

    /** A user has ordered. */
    public void ordered(int user) {
        Instant now = Instant.now();
        for (Experiment each : policy.now().experiments()) {
            if (each.isRunning(now)) {
                exposures.ordered(each, each.variantOf(user), user);
            }
        }
    }

    /** What an answer has once stays as it is until the answer is made. */
    private final class OfUser implements Releases {
        private final int user;
        private final Variants.@Nullable Variant tried;
        private final Policy then = policy.now();
        private final Map<String, Release> chosen = new ConcurrentHashMap<>(2);

        OfUser(int user, Variants.@Nullable Variant tried) {
            this.user = user;
            this.tried = tried;
        }

        @Override
        public @Nullable Release of(String dependency) {
            Release known = chosen.get(dependency);
            if (known != null) {
                return known;
            }
            Release made = choose(dependency);
            if (made != null) {
                chosen.put(dependency, made);
            }
            return made;
        }

        private @Nullable Release choose(String service) {
            if (tried != null && tried.service().equals(service)) {
                return new Chosen(tried, null, tried.variant());
            }
            Experiment experiment = user == Callers.NOBODY ? null : then.running(service, Instant.now());
            if (experiment == null) {
                return null;
            }
            String name = experiment.variantOf(user);
            Variants.Variant variant = variants.named(service + "/" + name);
            // one that this replica does not know: it is of another deployment
            String served = variant == null ? Experiment.USUAL : name;
            exposures.exposed(experiment, served, user);
            return new Chosen(variant, experiment, served);
        }
    }

    /** The experiment is told how the call ended; without one, nobody is. */
    private final class Chosen implements Release {
        private final Variants.@Nullable Variant variant;
        private final @Nullable Experiment experiment;
        private final String name;

        Chosen(Variants.@Nullable Variant variant, @Nullable Experiment experiment, String name) {
            this.variant = variant;
            this.experiment = experiment;
            this.name = name;
        }

        @Override
        public String name() {
            return variant == null ? "" : variant.name();
        }

        @Override
        public @Nullable HttpTransport elsewhere() {
            return variant == null ? null : variant.elsewhere();
        }

        @Override
        public void ended(long nanos, boolean failed) {
            if (experiment == null) {
                return;
            }
            Tally tally = exposures.tally(experiment);
            long time = nanos / MeanTime.UNIT_NANOS;
            tally.add(name, Tally.Kind.CALLS, 1);
            tally.add(name, Tally.Kind.TIME, time);
            tally.add(name, Tally.Kind.TIME_SQUARED, time * time);
            if (failed) {
                tally.add(name, Tally.Kind.ERRORS, 1);
            }
            if (nanos > experiment.guard().slowMs() * 1_000_000L) {
                tally.add(name, Tally.Kind.SLOW, 1);
            }
            counter(experiment.service(), name, failed).increment();
        }
    }

    private Counter counter(String service, String variant, boolean failed) {
        return counters.computeIfAbsent(
                service + "/" + variant + "/" + failed, any -> Counter.builder("vitrina.experiments.calls")
                        .description("First tries of calls of a service that an experiment is on")
                        .tag("service", service)
                        .tag("variant", variant)
                        .tag("outcome", failed ? "failure" : "success")
                        .register(registry));
    }
}

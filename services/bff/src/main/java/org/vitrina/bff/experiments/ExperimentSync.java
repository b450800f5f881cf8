package org.vitrina.bff.experiments;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.ExperimentsConfig;
import org.vitrina.bff.session.SharedState;
import org.vitrina.runtime.RecurringTask;

/** Learns what other replicas have decided and counted, tells what was counted here, and has the guards judge. */
@Singleton
class ExperimentSync implements RecurringTask {
    private static final Logger LOG = Logger.getLogger(ExperimentSync.class);
    private static final String COUNTS = "vitrina:experiments:counts:";

    private final SharedPolicy policy;
    private final Exposures exposures;
    private final SharedState shared;
    private final Duration every;
    private final GuardWindow window;
    private final Counter stops;

    ExperimentSync(
            SharedPolicy policy,
            Exposures exposures,
            SharedState shared,
            ExperimentsConfig config,
            MeterRegistry registry) {
        this.policy = policy;
        this.exposures = exposures;
        this.shared = shared;
        this.every = config.syncInterval();
        this.window = new GuardWindow(config.guardWindow(), System::nanoTime);
        this.stops = Counter.builder("vitrina.experiments.stopped")
                .description("Experiments that a guard has stopped")
                .register(registry);
    }

    @Override
    public String name() {
        return "what replicas know of experiments";
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Uni<?> work() {
        return policy.read()
                .onItem()
                .transformToMulti(
                        read -> Multi.createFrom().iterable(policy.now().experiments()))
                .onItem()
                .transformToUniAndConcatenate(
                        each -> told(each).chain(() -> guarded(each)).replaceWith(true))
                .collect()
                .asList()
                .invoke(done -> {
                    List<Experiment> all = policy.now().experiments();
                    exposures.keep(all);
                    window.keep(all);
                });
    }

    private Uni<Void> told(Experiment experiment) {
        Tally tally = exposures.tally(experiment);
        if (!shared.isThere()) {
            return Uni.createFrom().voidItem();
        }
        Map<String, Long> some = tally.take();
        return Uni.createFrom()
                .<@Nullable Map<String, Long>>emitter(emitter -> shared.addAll(
                        COUNTS + experiment.key(),
                        some,
                        // read for some weeks after its end
                        Exposures.life(experiment).plusDays(30),
                        all -> emitter.complete(all)))
                .invoke(all -> {
                    if (all == null) {
                        tally.giveBack();
                    } else {
                        tally.told(all);
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Void> guarded(Experiment experiment) {
        String why =
                experiment.isRunning(Instant.now()) ? window.breach(experiment, exposures.tally(experiment)) : null;
        if (why == null) {
            return Uni.createFrom().voidItem();
        }
        Experiment stopped = experiment.stoppedBecause(why);
        return policy.changeAtLeastHere(now -> experiment.equals(now.named(experiment.name()))
                        ? now.with(experiment.name(), stopped, "guard", why, Instant.now())
                        : now)
                .invoke(now -> {
                    if (stopped.equals(now.named(experiment.name()))) {
                        stops.increment();
                        LOG.warnf("Experiment %s is stopped: %s", experiment.name(), why);
                    }
                })
                .replaceWithVoid();
    }
}

package org.vitrina.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Magnitude;
import org.vitrina.diabetes.Diabetes;

/**
 * The worker: learns from the pairs that metrics has collected, publishes what is better than the version in use on rows that
 * it has not learned from, and ends, or begins again after a pause where it is to learn again and again. Exit status 0 unless
 * something failed, also when nothing was published.
 */
@Singleton
class Retraining {
    private static final Logger LOG = Logger.getLogger(Retraining.class);

    /** Who it is, in the history of choices. */
    private static final String LEARNER = "retraining";
    /** One row in so many is held out. */
    private static final int HELD_OUT = 5;
    /** A line in the log for so many pairs. */
    private static final int PROGRESS = 20_000;

    private final ModelConfig config;
    private final ModelService models;
    private final VersionStore store;
    private final MetricsClient metrics;
    private final PredictionsClient predictions;
    private final ObjectMapper json;

    Retraining(
            ModelConfig config,
            ModelService models,
            VersionStore store,
            MetricsClient metrics,
            PredictionsClient predictions,
            ObjectMapper json) {
        this.config = config;
        this.models = models;
        this.store = store;
        this.metrics = metrics;
        this.predictions = predictions;
        this.json = json;
    }

    void start(@Observes StartupEvent started) {
        if (config.worker()) {
            Thread.ofPlatform().name("retraining").start(() -> Quarkus.asyncExit(work()));
        }
    }

    private int work() {
        int status = run();
        Duration pause = config.retraining().every();
        while (!pause.isZero() && !Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(pause);
                // what serves by now is what it must be better than
                models.look().subscribeAsCompletionStage().get();
                status = run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                LOG.errorf("The versions cannot be looked at: %s", e.getCause());
            }
        }
        return status;
    }

    private int run() {
        try {
            LOG.info(learn(collected(), penalty()));
            return 0;
        } catch (ExecutionException e) {
            LOG.errorf("Nothing was learned: %s", e.getCause());
        } catch (RuntimeException e) {
            LOG.errorf("Nothing was learned: %s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 1;
    }

    private Penalty penalty() throws ExecutionException, InterruptedException {
        int classifier = config.retraining().classifier();
        if (classifier == 0) {
            return Penalty.NONE;
        }
        Penalty penalty =
                predictions.classifier(classifier).subscribeAsCompletionStage().get();
        LOG.infof(
                "Classifier %d has %s",
                classifier,
                penalty.isNone() ? "no parameters: least squares" : "L1 " + penalty.l1() + ", L2 " + penalty.l2());
        return penalty;
    }

    private List<TrainingRow> collected() throws ExecutionException, InterruptedException {
        List<TrainingRow> rows = new ArrayList<>();
        int most = config.retraining().mostPairs();
        long after = 0;
        long read = 0;
        LOG.info("Asking metrics for the pairs of truth and prediction");
        while (true) {
            // This thread is the worker's own.
            List<MetricsClient.Pair> page =
                    metrics.pairs(after).subscribeAsCompletionStage().get();
            if (page.isEmpty()) {
                return rows;
            }
            if (read / PROGRESS < (read + page.size()) / PROGRESS) {
                LOG.infof("%d pairs read", read + page.size());
            }
            read += page.size();
            for (MetricsClient.Pair pair : page) {
                after = pair.position();
                TrainingRow row = row(pair);
                if (row != null) {
                    rows.add(row);
                }
            }
            if (rows.size() > most) {
                rows.subList(0, rows.size() - most).clear();
            }
        }
    }

    /** Null where it is none: metrics may have pairs from before labels had bounds, one of which is enough to learn nothing. */
    static @Nullable TrainingRow row(MetricsClient.Pair pair) {
        List<Double> features = pair.features();
        return features != null
                        && features.size() == Diabetes.FEATURES
                        && features.stream().allMatch(Magnitude::isInput)
                        && Magnitude.isLabel(pair.truth())
                ? new TrainingRow(features, pair.truth())
                : null;
    }

    /** What came of it, in a sentence. */
    String learn(List<TrainingRow> rows, Penalty penalty) {
        int least = config.retraining().leastPairs();
        if (rows.size() < least) {
            return "There are " + rows.size() + " pairs, too few to learn from (" + least + "); nothing is published";
        }
        List<TrainingRow> training = new ArrayList<>();
        List<TrainingRow> heldOut = new ArrayList<>();
        for (TrainingRow row : rows) {
            // by its features: what is equal to a held-out row must not be learned from
            boolean held = Math.floorMod((row.features().hashCode() * 0x9E3779B9) >>> 16, HELD_OUT) == 0;
            (held ? heldOut : training).add(row);
        }
        if (heldOut.isEmpty() || training.size() <= Diabetes.FEATURES + 1) {
            return "The pairs are too much alike to learn from; nothing is published";
        }
        Artefact candidate = Training.measured(
                        Training.fit(store.nextVersion(), Diabetes.names(), training, hash(training), penalty),
                        "held-out",
                        heldOut)
                .checked();
        PredictiveModel best = best();
        Artefact.Quality present = Training.quality("held-out", best::predict, heldOut);
        double gain = 1 - candidate.quality().meanAbsoluteError() / present.meanAbsoluteError();
        String comparison = "mean absolute error on %d held-out rows %.3f, of version %s %.3f"
                .formatted(
                        heldOut.size(),
                        candidate.quality().meanAbsoluteError(),
                        best.version(),
                        present.meanAbsoluteError());
        if (!(gain > config.retraining().leastGain())) {
            return "What was learned is not better and is not published: " + comparison;
        }
        store.publish(candidate);
        int share = config.retraining().share();
        if (share > 0) {
            models.use(
                    share == 100
                            ? List.of(new Share(candidate.version(), 100))
                            : List.of(new Share(candidate.version(), share), new Share(best.version(), 100 - share)),
                    LEARNER);
        }
        return "Version " + candidate.version() + " is published: " + comparison;
    }

    /** Of the versions in use the one with the largest share. */
    private PredictiveModel best() {
        ServingVersions served = models.served();
        int best = 0;
        List<Share> shares = served.choice().serving();
        for (int i = 1; i < shares.size(); i++) {
            if (shares.get(i).weight() > shares.get(best).weight()) {
                best = i;
            }
        }
        return served.models().get(best);
    }

    private String hash(List<TrainingRow> rows) {
        try {
            return Training.sha256(json.writeValueAsString(rows).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.vitrina.model;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * The versions in use. Another choice is loaded beside the one in use and takes its place in one step, between two batches;
 * one that cannot be loaded leaves everything as it is.
 */
@Singleton
class ModelService {
    static final ErrorCode REFUSED = new ErrorCode("model-refused", 409, false, "The model is refused");
    private static final Logger LOG = Logger.getLogger(ModelService.class);

    private final VersionStore store;
    private final Counter failures;
    private final MeterRegistry registry;
    private final AtomicReference<@Nullable ServingVersions> served = new AtomicReference<>();
    /** Held by worker threads only. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile @Nullable String failure;

    ModelService(VersionStore store, MeterRegistry registry) {
        this.store = store;
        this.registry = registry;
        this.failures = Counter.builder("vitrina.model.refused")
                .description("Choices of versions that could not be loaded")
                .register(registry);
    }

    /** Before any message is read; a model that cannot be used is no start. */
    void start(@Observes @Priority(10) StartupEvent started) {
        try {
            use(load(store.choice()));
        } catch (ArtefactException e) {
            LOG.errorf("The model cannot be used, so this service does not start: %s", e.getMessage());
            throw e;
        }
    }

    /** What predicts now. */
    ServingVersions served() {
        ServingVersions now = served.get();
        if (now == null) {
            throw new IllegalStateException("the model is asked before it is loaded");
        }
        return now;
    }

    private ServingVersions load(Choice choice) {
        VersionStore.requireUsable(choice.serving());
        List<PredictiveModel> models = new ArrayList<>();
        for (Share share : choice.serving()) {
            models.add(store.load(share.version()));
        }
        if (models.stream().map(ModelService::schema).distinct().count() != 1) {
            throw new ArtefactException("the versions do not take the same features");
        }
        return new ServingVersions(choice, models);
    }

    private static List<String> schema(PredictiveModel model) {
        return model.features().stream().map(Artefact.Feature::name).toList();
    }

    private void use(ServingVersions now) {
        ServingVersions before = served.getAndSet(now);
        failure = null;
        if (before == null || !before.choice().serving().equals(now.choice().serving())) {
            LOG.infof("Predictions are made by %s", now.choice().serving());
        }
    }

    Uni<ModelState> state() {
        return blocking(this::stateNow);
    }

    private ModelState stateNow() {
        ServingVersions now = served();
        List<ModelState.InUse> inUse = new ArrayList<>();
        for (int i = 0; i < now.models().size(); i++) {
            PredictiveModel one = now.models().get(i);
            inUse.add(new ModelState.InUse(
                    one.version(),
                    now.choice().serving().get(i).weight(),
                    one.sha256(),
                    schema(one),
                    one.quality().data(),
                    one.quality().rows(),
                    one.quality().meanAbsoluteError(),
                    one.quality().rootMeanSquaredError(),
                    one.quality().rSquared()));
        }
        return new ModelState(
                inUse,
                now.choice().previous(),
                store.versions(),
                now.choice().history().reversed(),
                failure);
    }

    /** Loads the versions and, if all can be used, writes the choice down for all replicas. */
    Uni<ModelState> choose(List<Share> shares, String by) {
        return blocking(() -> {
            change(present -> shares, ChangeOfChoice.Cause.CHOSEN, by);
            return stateNow();
        });
    }

    /** What the retraining has learned. Blocks. */
    void use(List<Share> learned, String by) {
        change(present -> learned, ChangeOfChoice.Cause.LEARNED, by);
    }

    private void change(Function<Choice, List<Share>> wanted, ChangeOfChoice.Cause cause, String by) {
        requireDirectory();
        changing.lock();
        try {
            // what another replica has chosen a moment ago is part of the history
            lookNow();
            Choice present = served().choice();
            Choice changed = present.changed(
                    wanted.apply(present), cause, by, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            ServingVersions loaded = load(changed);
            store.choose(changed);
            use(loaded);
        } catch (ArtefactException e) {
            failures.increment();
            throw new ProblemException(REFUSED, "What was in use stays in use: " + e.getMessage());
        } finally {
            changing.unlock();
        }
    }

    /** Back to what the newest choice replaced; a second one goes back behind the choice before that. */
    Uni<ModelState> rollback(String by) {
        return blocking(() -> {
            change(ModelService::before, ChangeOfChoice.Cause.ROLLBACK, by);
            return stateNow();
        });
    }

    private static List<Share> before(Choice present) {
        if (present.previous().isEmpty()) {
            throw new ProblemException(REFUSED, "Nothing is known to have been in use before.");
        }
        return present.previous();
    }

    /**
     * Adds a version that was made elsewhere; it serves when it is chosen.
     *
     * @param file in the folder of {@link VersionStore#upload}; taken, or deleted
     */
    UploadedModel add(String version, Path file) {
        changing.lock();
        try {
            return store.add(version, file);
        } catch (ArtefactException e) {
            failures.increment();
            throw new ProblemException(REFUSED, "Version " + version + " is not added: " + e.getMessage() + ".");
        } finally {
            changing.unlock();
        }
    }

    /** Where an upload is written to; no version yet. */
    Path upload() {
        requireDirectory();
        return store.upload();
    }

    private void requireDirectory() {
        if (!store.canChange()) {
            throw new ProblemException(REFUSED, "There is no vitrina.model.directory with other versions.");
        }
    }

    /** Another replica, or the retraining, may have written down another choice. */
    Uni<Void> look() {
        return store.canChange() ? blocking(this::lookNow) : Uni.createFrom().voidItem();
    }

    private @Nullable Void lookNow() {
        // a look that began before a choice must not undo it
        changing.lock();
        try {
            Choice choice = store.choice();
            if (!choice.equals(served().choice())) {
                use(load(choice));
            } else {
                failure = null;
            }
        } catch (ArtefactException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(failure)) {
                failures.increment();
                failure = why;
                LOG.warnf(
                        "The new choice of versions is refused, %s stays in use: %s",
                        served().choice().serving(), failure);
            }
        } finally {
            changing.unlock();
        }
        return null;
    }

    private static <T extends @Nullable Object> Uni<T> blocking(Supplier<T> work) {
        return Uni.createFrom().item(work).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    /** Counts a prediction. */
    void predicted(PredictiveModel by) {
        registry.counter("vitrina.model.predictions", "version", by.version()).increment();
    }
}

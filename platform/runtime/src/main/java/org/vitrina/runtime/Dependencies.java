package org.vitrina.runtime;

import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ProblemException;

/**
 * Asks the service's {@link Dependency}s: at the start until each could be used once, then when readiness wants to know,
 * at most once a second and never longer than {@code vitrina.web.dependency-check-timeout}. No check runs on the thread
 * that starts the process, so a dead dependency never holds up the ports.
 */
@Singleton
class Dependencies {
    private static final Logger LOG = Logger.getLogger(Dependencies.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(5);
    private static final long FRESH_NANOS = Duration.ofMillis(900).toNanos();

    private final List<Dependency> dependencies;
    private final List<BeforeReady> steps;
    private final Lifecycle lifecycle;
    private final Vertx vertx;
    private final Duration limit;
    private final FailureTranslations translations;
    /** What was last said of each that cannot be used. */
    private final Map<String, String> complained = new ConcurrentHashMap<>();

    private volatile @Nullable Asked last;

    /** One round of questions; those who want to know meanwhile share it. */
    private record Asked(long atNanos, Uni<Map<String, Failed>> answers) {}

    /**
     * Why a dependency cannot be used.
     *
     * @param unforeseen null where the reason says all: what has no sentence of its own is told with its place in the code
     */
    record Failed(String reason, @Nullable Throwable unforeseen) {
        private static final Failed NOT = new Failed("", null);
    }

    Dependencies(
            @All List<Dependency> dependencies,
            @All List<BeforeReady> steps,
            Lifecycle lifecycle,
            Vertx vertx,
            DependencyCheckConfig config,
            FailureTranslations translations) {
        this.dependencies = dependencies;
        this.steps = steps;
        this.lifecycle = lifecycle;
        this.vertx = vertx;
        this.limit = config.dependencyCheckTimeout();
        this.translations = translations;
    }

    void start(@Observes StartupEvent started) {
        if (dependencies.isEmpty() && steps.isEmpty()) {
            lifecycle.markStarted();
        } else {
            await(new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE));
        }
    }

    /** The dependencies that cannot be used now, with what is wrong with each. */
    Uni<Map<String, Failed>> failures() {
        Asked asked = last;
        long now = System.nanoTime();
        if (asked == null || now - asked.atNanos >= FRESH_NANOS) {
            asked = new Asked(now, ask().memoize().indefinitely());
            last = asked;
        }
        return asked.answers;
    }

    List<String> names() {
        return dependencies.stream().map(Dependency::name).toList();
    }

    private void await(GrowingPause pause) {
        OwnContext.run(vertx, () -> ask().subscribe().with(failures -> {
            if (failures.isEmpty()) {
                becomeReady();
            } else {
                vertx.setTimer(pause.next(), fired -> await(pause));
            }
        }));
    }

    private void becomeReady() {
        List<Uni<Void>> last = new ArrayList<>();
        last.add(Uni.createFrom().voidItem());
        for (BeforeReady step : steps) {
            last.add(step.run()
                    .ifNoItem()
                    .after(LONGEST_WARM_UP)
                    .fail()
                    .onFailure()
                    .recoverWithNull());
        }
        Uni.join().all(last).andCollectFailures().subscribe().with(done -> {
            lifecycle.markStarted();
            LOG.infof("Dependencies are there: %s", names());
        });
    }

    Uni<Map<String, Failed>> ask() {
        if (dependencies.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        List<Uni<Failed>> checks = new ArrayList<>();
        for (Dependency dependency : dependencies) {
            checks.add(check(dependency));
        }
        return Uni.join().all(checks).andCollectFailures().map(answers -> {
            Map<String, Failed> failures = new TreeMap<>();
            for (int i = 0; i < answers.size(); i++) {
                String name = dependencies.get(i).name();
                if (!answers.get(i).equals(Failed.NOT)) {
                    failures.put(name, answers.get(i));
                }
                tell(name, answers.get(i));
            }
            return failures;
        });
    }

    /** Once for each reason: the first one, such as a database that still starts, must not hide the one that lasts. */
    private void tell(String name, Failed failed) {
        if (failed.equals(Failed.NOT)) {
            if (complained.remove(name) != null) {
                LOG.infof("%s can be used", name);
            }
        } else if (!failed.reason.equals(complained.put(name, failed.reason)) && !lifecycle.begun()) {
            LOG.warnf(failed.unforeseen, "Waiting for %s: %s", name, failed.reason);
        }
    }

    /** Never fails, never takes longer than its time. */
    private Uni<Failed> check(Dependency dependency) {
        return Uni.createFrom()
                .<Failed>emitter(emitter -> OwnContext.run(vertx, () -> {
                    Uni<Void> check;
                    try {
                        check = dependency.check();
                    } catch (RuntimeException e) {
                        check = Uni.createFrom().failure(e);
                    }
                    var asked = check.subscribe()
                            .with(done -> emitter.complete(Failed.NOT), failure -> emitter.complete(failed(failure)));
                    long timer = vertx.setTimer(limit.toMillis(), fired -> {
                        asked.cancel();
                        emitter.complete(new Failed("no answer within " + limit.toMillis() + " ms", null));
                    });
                    emitter.onTermination(() -> vertx.cancelTimer(timer));
                }))
                .onItem()
                .transform(answer -> answer);
    }

    private Failed failed(Throwable failure) {
        Throwable told = translations.translate(failure);
        String message = told.getMessage() == null ? "" : told.getMessage();
        // checks say what to do by an IllegalStateException
        boolean foreseen = !message.isEmpty()
                && (told instanceof IllegalStateException
                        || (told instanceof ProblemException problem
                                && problem.code().retryable()));
        return foreseen
                ? new Failed(message, null)
                : new Failed("unforeseen " + told.getClass().getSimpleName() + ": " + message, failure);
    }
}

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
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(3);
    private static final long FRESH_NANOS = Duration.ofMillis(900).toNanos();

    private final List<Dependency> dependencies;
    private final List<BeforeReady> steps;
    private final Lifecycle lifecycle;
    private final Vertx vertx;
    private final Duration limit;
    private final Map<String, Boolean> complained = new ConcurrentHashMap<>();
    private volatile @Nullable Asked last;

    /** One round of questions; those who want to know meanwhile share it. */
    private record Asked(long atNanos, Uni<Map<String, String>> answers) {}

    Dependencies(
            @All List<Dependency> dependencies,
            @All List<BeforeReady> steps,
            Lifecycle lifecycle,
            Vertx vertx,
            DependencyCheckConfig config) {
        this.dependencies = dependencies;
        this.steps = steps;
        this.lifecycle = lifecycle;
        this.vertx = vertx;
        this.limit = config.dependencyCheckTimeout();
    }

    void start(@Observes StartupEvent started) {
        if (dependencies.isEmpty() && steps.isEmpty()) {
            lifecycle.markStarted();
        } else {
            await(new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE));
        }
    }

    /** The dependencies that cannot be used now, with what is wrong with each. */
    Uni<Map<String, String>> failures() {
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
                failures.forEach((name, reason) -> {
                    if (complained.put(name, true) == null) {
                        LOG.warnf("Waiting for %s: %s", name, reason);
                    }
                });
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

    private Uni<Map<String, String>> ask() {
        if (dependencies.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        List<Uni<String>> checks = new ArrayList<>();
        for (Dependency dependency : dependencies) {
            checks.add(check(dependency));
        }
        return Uni.join().all(checks).andCollectFailures().map(reasons -> {
            Map<String, String> failures = new TreeMap<>();
            for (int i = 0; i < reasons.size(); i++) {
                if (!reasons.get(i).isEmpty()) {
                    failures.put(dependencies.get(i).name(), reasons.get(i));
                }
            }
            return failures;
        });
    }

    /** An empty string when it can be used, else what is wrong; never fails, never takes longer than its time. */
    private Uni<String> check(Dependency dependency) {
        return Uni.createFrom()
                .<String>emitter(emitter -> OwnContext.run(vertx, () -> {
                    Uni<Void> check;
                    try {
                        check = dependency.check();
                    } catch (RuntimeException e) {
                        check = Uni.createFrom().failure(e);
                    }
                    var asked = check.subscribe()
                            .with(done -> emitter.complete(""), failure -> emitter.complete(reason(failure)));
                    long timer = vertx.setTimer(limit.toMillis(), fired -> {
                        asked.cancel();
                        emitter.complete("no answer within " + limit.toMillis() + " ms");
                    });
                    emitter.onTermination(() -> vertx.cancelTimer(timer));
                }))
                .onItem()
                .transform(reason -> reason);
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }
}

package org.vitrina.runtime;

import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/** Gives each {@link RecurringTask} its turns. */
@Singleton
class RecurringTasks {
    private static final Logger LOG = Logger.getLogger(RecurringTask.class);
    private static final long SHORTEST_PAUSE_MILLIS = 1;

    private final List<RecurringTask> all;
    private final Lifecycle lifecycle;
    private final FailureTranslations translations;
    private final Vertx vertx;

    RecurringTasks(@All List<RecurringTask> all, Lifecycle lifecycle, FailureTranslations translations, Vertx vertx) {
        this.all = all;
        this.lifecycle = lifecycle;
        this.translations = translations;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent started) {
        for (RecurringTask recurring : all) {
            long pause = pause(recurring);
            // replicas that were started together do not work together
            next(recurring, ThreadLocalRandom.current().nextLong(pause) + SHORTEST_PAUSE_MILLIS, false);
        }
    }

    private void next(RecurringTask recurring, long pauseMillis, boolean failing) {
        vertx.setTimer(pauseMillis, fired -> {
            if (lifecycle.begun() || !lifecycle.started()) {
                next(recurring, pause(recurring), failing);
                return;
            }
            OwnContext.run(vertx, () -> turn(recurring, failing));
        });
    }

    private void turn(RecurringTask recurring, boolean failing) {
        Uni<?> work;
        try {
            work = recurring.work();
        } catch (RuntimeException e) {
            work = Uni.createFrom().failure(e);
        }
        var unused = work.ifNoItem()
                .after(recurring.limit())
                .fail()
                .subscribe()
                .with(
                        done -> {
                            if (failing) {
                                LOG.infof("%s works again", recurring.name());
                            }
                            next(recurring, pause(recurring), false);
                        },
                        failure -> {
                            // pools close while the process ends
                            if (!failing && !lifecycle.begun()) {
                                LOG.warnf("%s failed and is tried again: %s", recurring.name(), reason(failure));
                                LOG.debug(recurring.name(), failure);
                            }
                            next(recurring, pause(recurring), true);
                        });
    }

    private String reason(Throwable failure) {
        Throwable told = translations.translate(failure);
        return told.getMessage() == null ? told.getClass().getSimpleName() : told.getMessage();
    }

    private static long pause(RecurringTask recurring) {
        return Math.max(SHORTEST_PAUSE_MILLIS, recurring.every().toMillis());
    }
}

package org.vitrina.messaging;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.vitrina.runtime.RecurringTask;

/** Removes records of events that were acted on so long ago that none of them can come again. */
@Singleton
class HandledEventPurge implements RecurringTask {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int AT_ONCE = 5_000;

    private final HandledEvents duplicates;
    private final boolean consumes;
    private final Duration remembered;

    HandledEventPurge(HandledEvents duplicates, @All List<QueueHandler> handlers, QueuesConfig config) {
        this.duplicates = duplicates;
        this.consumes = !handlers.isEmpty();
        this.remembered = config.remember();
    }

    @Override
    public String name() {
        return "forgetting old events";
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    /** In small portions, but all of them, or more events would come than are forgotten. */
    @Override
    public Uni<?> work() {
        return consumes
                ? RecurringTask.inPortions(AT_ONCE, () -> duplicates.forget(remembered, AT_ONCE))
                : Uni.createFrom().voidItem();
    }
}

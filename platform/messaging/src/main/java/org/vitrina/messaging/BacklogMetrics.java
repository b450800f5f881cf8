package org.vitrina.messaging;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.vitrina.runtime.RecurringTask;

/** Tells how much waits in outbox and queues, and for how long. */
@Singleton
class BacklogMetrics implements RecurringTask {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final OutboxRepository outbox;
    private final ParkedRepository parkedMessages;
    private final boolean consumes;
    private final AtomicLong depth = new AtomicLong();
    private final AtomicLong ageMillis = new AtomicLong();
    private final AtomicLong parked = new AtomicLong();

    BacklogMetrics(
            OutboxRepository outbox,
            ParkedRepository parkedMessages,
            @All List<QueueHandler> handlers,
            MeterRegistry registry) {
        this.outbox = outbox;
        this.parkedMessages = parkedMessages;
        this.consumes = !handlers.isEmpty();
        Gauge.builder("vitrina.outbox.depth", depth, AtomicLong::doubleValue)
                .description("Events in the outbox, those of all replicas")
                .register(registry);
        Gauge.builder("vitrina.outbox.age", ageMillis, age -> age.doubleValue() / 1000)
                .description("Age of the oldest event in the outbox")
                .baseUnit("seconds")
                .register(registry);
        if (consumes) {
            Gauge.builder("vitrina.queue.parked", parked, AtomicLong::doubleValue)
                    .description("Messages that wait for their next attempt")
                    .register(registry);
        }
    }

    @Override
    public String name() {
        return "the count of what waits for the broker";
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    @Override
    public Uni<?> work() {
        Uni<?> counted = outbox.waiting().invoke(waiting -> {
            depth.set(waiting.depth());
            ageMillis.set((long) (waiting.age() * 1000));
        });
        return consumes ? counted.chain(parkedMessages::count).invoke(parked::set) : counted;
    }
}

package org.vitrina.orders;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Exports what orders come to, how long it takes, and how long each step's calls take. An order's age is by this process's
 * clock, its acceptance by the database's: the two may differ by their skew, which an objective of ten seconds can bear.
 */
@Singleton
class SagaMeters {
    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<String, Counter> outcomes = new ConcurrentHashMap<>();
    private final Map<Step, Timer> steps = new EnumMap<>(Step.class);
    private final Timer confirmed;
    private final Timer rejected;

    SagaMeters(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.confirmed = decided(registry, Status.CONFIRMED);
        this.rejected = decided(registry, Status.REJECTED);
        for (Step step : Step.values()) {
            if (step != Step.NONE) {
                steps.put(
                        step,
                        Timer.builder("vitrina.orders.step")
                                .description("The calls of a step of an order, each try")
                                .tag("step", step.text())
                                .register(registry));
            }
        }
    }

    private static Timer decided(MeterRegistry registry, Status outcome) {
        return Timer.builder("vitrina.orders.decided")
                .description("From an order's acceptance to its decision")
                .tag("outcome", outcome.text())
                .register(registry);
    }

    /** The calls of a step, timed. */
    <T> Uni<T> step(Step step, Uni<T> calls) {
        Timer timer = steps.get(step);
        if (timer == null) {
            return calls;
        }
        long begun = System.nanoTime();
        return calls.onTermination().invoke(() -> timer.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS));
    }

    void confirmed(Order order) {
        count(Status.CONFIRMED.text());
        confirmed.record(age(order));
    }

    /** @param why the reason's slug */
    void rejected(Order order, String why) {
        count(why);
        rejected.record(age(order));
    }

    void cancelled() {
        count(Status.CANCELLED.text());
    }

    private Duration age(Order order) {
        Duration age = Duration.between(order.createdAt(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, this::counter).increment();
    }

    private Counter counter(String outcome) {
        return Counter.builder("vitrina.orders.saga")
                .description("Orders that came to an outcome")
                .tag("outcome", outcome)
                .register(registry);
    }
}

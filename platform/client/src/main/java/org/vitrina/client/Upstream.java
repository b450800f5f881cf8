package org.vitrina.client;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * One dependency: decides what is tried again, keeps the retry budget, counts. Breaker, retry and backstop timeout are the
 * annotations on the client's beans, between {@link #call} and {@link GuardedCall#attempt}.
 */
public final class Upstream {
    private final UpstreamSettings settings;
    private final RetryBudget budget;
    private final Supplier<String> breakerState;
    private final Counter successes;
    private final Counter failures;
    private final Counter timeouts;
    private final Counter retries;
    private final Counter rejected;
    private final Counter refused;
    private final Counter abandoned;
    private final Timer times;
    private final long longestPauseNanos;

    /** @param breakerState tells the breaker's state as {@link UpstreamStatus#breaker()} has it */
    public Upstream(UpstreamSettings settings, Supplier<String> breakerState, MeterRegistry registry) {
        this.settings = settings;
        this.breakerState = breakerState;
        this.budget = new RetryBudget(settings.retryShare(), settings.retriesPerSecond(), System::nanoTime);
        this.longestPauseNanos =
                settings.retryInterval().plus(settings.retryJitter()).toNanos();
        this.successes = counter(registry, "success");
        this.failures = counter(registry, "failure");
        this.timeouts = counter(registry, "timeout");
        this.rejected = counter(registry, "rejected");
        this.refused = counter(registry, "refused");
        this.abandoned = counter(registry, "abandoned");
        this.retries = Counter.builder("vitrina.client.retries")
                .description("Attempts after the first")
                .tag("dependency", settings.name())
                .register(registry);
        this.times = Timer.builder("vitrina.client.duration")
                .description("Whole calls, all tries together")
                .tag("dependency", settings.name())
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        Gauge.builder("vitrina.client.retry.budget", budget, RetryBudget::available)
                .description("Retries that could be made at once")
                .tag("dependency", settings.name())
                .register(registry);
        Gauge.builder(
                        "vitrina.client.breaker.open",
                        breakerState,
                        state -> state.get().equals("closed") ? 0 : 1)
                .description("1 while the breaker is open or half-open")
                .tag("dependency", settings.name())
                .register(registry);
    }

    private Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("vitrina.client.calls")
                .description("Calls by their outcome, whatever the number of tries")
                .tag("dependency", settings.name())
                .tag("outcome", outcome)
                .register(registry);
    }

    public String name() {
        return settings.name();
    }

    public Duration timeout() {
        return settings.timeout();
    }

    /**
     * Makes one guarded call.
     *
     * @param once one attempt, what it brings decoded; called again for each retry
     * @param guarded the client's bean with the breaker around the bean with the retry around {@link GuardedCall#attempt}
     * @return the item, or a {@link CallFailure}
     */
    public <T> Uni<T> call(CallScope scope, Supplier<Uni<T>> once, Function<GuardedCall<T>, Uni<T>> guarded) {
        var call = new GuardedCall<>(this, scope, once);
        long start = System.nanoTime();
        Uni<T> watched = guarded.apply(call).onCancellation().invoke(abandoned::increment);
        return watched.onItemOrFailure().transformToUni((item, failure) -> {
            if (failure == null) {
                successes.increment();
                times.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
                return Uni.createFrom().item(item);
            }
            return Uni.createFrom().failure(count(known(failure), start));
        });
    }

    /**
     * One attempt. The pause before a retry is made here, on the caller's event loop and inside its scope, and not by the
     * retry annotation: its timer thread cost more than the retry, and would wait on after the caller has gone.
     */
    <T> Uni<T> attempt(GuardedCall<T> call) {
        CallScope scope = call.scope();
        Uni<T> work;
        if (call.nextTry() == 1) {
            budget.call();
            work = Uni.createFrom().deferred(call::once);
        } else {
            work = scope.after(pauseMillis(), () -> {
                retries.increment();
                return call.once();
            });
        }
        return scope.run(work).onFailure().transform(failure -> judge(call, failure));
    }

    /** The retry interval and a random part, so that callers who failed together do not return together. */
    private long pauseMillis() {
        return settings.retryInterval().toMillis()
                + ThreadLocalRandom.current().nextLong(settings.retryJitter().toMillis() + 1);
    }

    private <T> Throwable judge(GuardedCall<T> call, Throwable failure) {
        if (failure instanceof CallFailure known && !(known instanceof CallFailure.Retryable)) {
            return known;
        }
        String message = settings.name() + ": " + failure.getMessage();
        CallScope scope = call.scope();
        if (scope.gone()) {
            return new CallFailure.Uncounted(Reason.ERROR, "the caller is gone");
        }
        if (call.tries() > settings.maxRetries()) {
            Reason reason = settings.maxRetries() == 0 ? Reason.ERROR : Reason.TOO_MANY_RETRIES;
            return new CallFailure.Final(reason, message, failure);
        }
        // A retry that could only start after the deadline would make the answer late for nothing.
        if (scope.deadline().remainingNanos() <= longestPauseNanos || !budget.tryRetry()) {
            return new CallFailure.Final(Reason.ERROR, message, failure);
        }
        return new CallFailure.Retryable(message, failure);
    }

    private CallFailure known(Throwable failure) {
        if (failure instanceof CallFailure known) {
            return known;
        }
        if (failure instanceof CircuitBreakerOpenException) {
            return new CallFailure.Uncounted(Reason.CIRCUIT_OPEN, settings.name() + ": circuit open");
        }
        if (failure instanceof org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException) {
            return new CallFailure.Final(Reason.TIMEOUT, settings.name() + ": backstop timeout", failure);
        }
        return new CallFailure.Final(Reason.ERROR, settings.name() + ": " + failure.getMessage(), failure);
    }

    private CallFailure count(CallFailure failure, long start) {
        switch (failure.reason()) {
            case CIRCUIT_OPEN, OVERLOADED -> rejected.increment();
            case TIMEOUT -> {
                timeouts.increment();
                times.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            }
            default -> {
                if (failure instanceof CallFailure.Uncounted uncounted && !uncounted.isRefused()) {
                    abandoned.increment();
                    break;
                }
                (failure instanceof CallFailure.Uncounted ? refused : failures).increment();
                times.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            }
        }
        return failure;
    }

    /** What has been counted so far. */
    public UpstreamStatus status() {
        double p50 = 0;
        double p99 = 0;
        for (ValueAtPercentile value : times.takeSnapshot().percentileValues()) {
            if (value.percentile() == 0.5) {
                p50 = value.value(TimeUnit.MICROSECONDS) / 1000;
            } else {
                p99 = value.value(TimeUnit.MICROSECONDS) / 1000;
            }
        }
        long ok = (long) successes.count();
        long failed = (long) failures.count();
        long late = (long) timeouts.count();
        long saidNo = (long) refused.count();
        long notMade = (long) rejected.count();
        long left = (long) abandoned.count();
        return new UpstreamStatus(
                settings.name(),
                breakerState.get(),
                ok + failed + late + saidNo + notMade + left,
                ok,
                failed,
                late,
                (long) retries.count(),
                notMade,
                saidNo,
                left,
                Math.floor(budget.available() * 10) / 10,
                p50,
                p99);
    }
}

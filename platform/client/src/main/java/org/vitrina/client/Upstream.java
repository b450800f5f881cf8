package org.vitrina.client;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jspecify.annotations.Nullable;
import org.vitrina.runtime.trace.Traces;

/**
 * One dependency: makes its calls, decides what is tried again, keeps the retry budget, counts. Breaker, retry and backstop
 * timeout are the annotations on the client's one guarded method.
 */
public final class Upstream {
    private static final String HALF_OPEN = "half-open";

    private final String name;
    private final CallConfig config;
    private final RetryBudget budget;
    private final HedgeTimer hedgeTimer;
    private final DependencyLog log;
    private final Supplier<String> breakerState;
    private final TracedTries traced;
    private final RecentCalls recent = new RecentCalls();
    private final Counter successes;
    private final Counter failures;
    private final Counter timeouts;
    private final Counter retries;
    private final Counter hedges;
    private final CallPlaces places;
    private final Counter rejected;
    private final Counter refused;
    private final Counter abandoned;
    private final Timer times;
    private final long longestPauseNanos;
    private final AtomicInteger probes = new AtomicInteger();

    /**
     * @param name short name in answers, metrics and logs, such as {@code products}; also of its circuit breaker
     * @param breakerState tells the breaker's state as {@link UpstreamStatus#breaker()} has it
     */
    Upstream(String name, CallConfig config, Supplier<String> breakerState, MeterRegistry registry, Traces traces) {
        this.name = name;
        this.traced = new TracedTries(traces, name, breakerState);
        this.config = config;
        this.breakerState = breakerState;
        this.places = new CallPlaces(config.maxConnections(), config.maxWaiting());
        this.budget = new RetryBudget(config.retryShare(), config.retriesPerSecond(), System::nanoTime);
        this.hedgeTimer = new HedgeTimer(config.hedgeAfter());
        this.log = new DependencyLog(name, config.resetInterval());
        this.longestPauseNanos =
                config.retryInterval().plus(config.retryJitter()).toNanos();
        this.successes = counter(registry, "success");
        this.failures = counter(registry, "failure");
        this.timeouts = counter(registry, "timeout");
        this.rejected = counter(registry, "rejected");
        this.refused = counter(registry, "refused");
        this.abandoned = counter(registry, "abandoned");
        this.retries = Counter.builder("vitrina.client.retries")
                .description("Attempts after the first")
                .tag("dependency", name)
                .register(registry);
        this.hedges = Counter.builder("vitrina.client.hedges")
                .description("Reads asked a second time since the first call had no answer")
                .tag("dependency", name)
                .register(registry);
        this.times = Timer.builder("vitrina.client.duration")
                .description("Whole calls, all tries together")
                .tag("dependency", name)
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        Gauge.builder("vitrina.client.retry.budget", budget, RetryBudget::available)
                .description("Retries and hedges that could be made at once")
                .tag("dependency", name)
                .register(registry);
        Gauge.builder(
                        "vitrina.client.breaker.open",
                        breakerState,
                        state -> state.get().equals("closed") ? 0 : 1)
                .description("1 while the breaker is open or half-open")
                .tag("dependency", name)
                .register(registry);
    }

    private Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("vitrina.client.calls")
                .description("Calls by their outcome, whatever the number of tries")
                .tag("dependency", name)
                .tag("outcome", outcome)
                .register(registry);
    }

    /**
     * A call to hand to the client's guarded method. All its tries together end with the scope, or after the dependency's
     * {@code timeout}.
     *
     * @param once makes one try in the scope that it is given, what it brings decoded
     */
    public <T> GuardedCall<T> call(CallScope scope, Function<CallScope, Uni<T>> once) {
        return new GuardedCall<>(this, scope.within(config.timeout()), once);
    }

    /** As {@link #call}, by a declared REST client; a status of 5xx is a failure that may be tried again. */
    public GuardedCall<Reply> rest(CallScope scope, Function<CarriedHeaders, Uni<Response>> once) {
        return rest(scope, once, Replies::judged);
    }

    /** As {@link #rest}, and a status of 5xx is an answer too: {@code judge} throws what is a failure. */
    public GuardedCall<Reply> rest(
            CallScope scope, Function<CarriedHeaders, Uni<Response>> once, Function<Reply, Reply> judge) {
        return call(scope, own -> answer(own, once).map(judge));
    }

    private Uni<Reply> answer(CallScope scope, Function<CarriedHeaders, Uni<Response>> once) {
        return Replies.of(
                places.call(() -> made(scope, once)),
                config.maxAnswer().asBigInteger().intValueExact());
    }

    /** What has waited until its scope is about to end is not sent any more: the scope ends it. */
    private static Uni<Response> made(CallScope scope, Function<CarriedHeaders, Uni<Response>> once) {
        return scope.deadline().millisForNextHop() > 0
                ? once.apply(new CarriedHeaders(scope))
                : Uni.createFrom().nothing();
    }

    /**
     * Passes the failure of a call that another caller made, and that this one waited for, through the client's guarded
     * method: without a try and without a count, but the breaker learns of it, since it counts what callers get. One that is
     * not closed learns from its own probe only.
     */
    public void shared(CallScope scope, Throwable failure, Function<GuardedCall<Void>, Uni<Void>> guarded) {
        if (failure instanceof CallFailure.Final outcome && breakerState.get().equals("closed")) {
            var unused = guarded.apply(new GuardedCall<>(this, scope, outcome))
                    .subscribe()
                    .with(none -> {}, counted -> {});
        }
    }

    /** The same tries, each told of where traces are sent. */
    <T> Function<CallScope, Uni<T>> traced(Function<CallScope, Uni<T>> once, int attempt) {
        return traced.of(once, attempt);
    }

    /** One try of a read, which is two calls where the first has no answer after a while. */
    <T> Uni<T> hedged(CallScope scope, Function<CallScope, Uni<T>> once) {
        return Hedged.call(hedgeTimer, scope, once, this::hedge);
    }

    /** A probe is a single call; and what is failing is not asked twice. */
    private boolean hedge() {
        if (breakerState.get().equals("closed") && budget.tryRetry()) {
            hedges.increment();
            return true;
        }
        return false;
    }

    /** The breaker has changed to this state, as {@link UpstreamStatus#breaker()} has it. */
    void breakerChanged(String state) {
        log.breaker(state);
    }

    /**
     * Why nobody is to wait for a call of another caller now, as any other would be refused: it began before the breaker
     * opened, or is the single one by which the half-open breaker finds out whether the dependency is well again. Null while
     * one may.
     */
    public @Nullable CallFailure refusal() {
        if (probes.get() > 0) {
            return new CallFailure.Uncounted(Reason.CIRCUIT_OPEN, name + ": circuit half-open");
        }
        return breakerState.get().equals("open")
                ? new CallFailure.Uncounted(Reason.CIRCUIT_OPEN, name + ": circuit open")
                : null;
    }

    /** A try that the breaker has let through, known as its probe while it is under way if that is what it is. */
    <T> Uni<T> probed(Uni<T> tried) {
        // half-open by itself says nothing: so it is from the end of the pause on, until somebody calls
        if (!breakerState.get().equals(HALF_OPEN)) {
            return tried;
        }
        return Uni.createFrom().deferred(() -> {
            probes.incrementAndGet();
            return tried.onTermination().invoke(probes::decrementAndGet);
        });
    }

    void firstTry() {
        budget.call();
    }

    void retry() {
        retries.increment();
    }

    /** The retry interval and a random part, so that callers who failed together do not return together. */
    long pauseMillis() {
        return config.retryInterval().toMillis()
                + ThreadLocalRandom.current().nextLong(config.retryJitter().toMillis() + 1);
    }

    /** What the guards are told of a try that failed, the {@code tries}th of its call. */
    CallFailure judge(Throwable failure, CallScope scope, int tries, boolean repeatable) {
        if (failure instanceof CallFailure known && !(known instanceof CallFailure.Retryable)) {
            return known;
        }
        String message = name + ": " + failure.getMessage();
        if (scope.gone()) {
            return new CallFailure.Uncounted(Reason.ERROR, "the caller is gone");
        }
        if (!repeatable) {
            return new CallFailure.Final(Reason.ERROR, message, failure);
        }
        if (tries > config.maxRetries()) {
            Reason reason = config.maxRetries() == 0 ? Reason.ERROR : Reason.TOO_MANY_RETRIES;
            return new CallFailure.Final(reason, message, failure);
        }
        // A retry that could only start after the deadline would make the answer late for nothing.
        if (scope.deadline().remainingNanos() <= longestPauseNanos || !budget.tryRetry()) {
            return new CallFailure.Final(Reason.ERROR, message, failure);
        }
        return new CallFailure.Retryable(message, failure);
    }

    /** A guarded call as its caller sees it: counted, and failing with a {@link CallFailure} whatever a guard threw. */
    <T> Uni<T> accounted(GuardedCall<T> call, Uni<T> guarded) {
        return guarded.onCancellation()
                .invoke(abandoned::increment)
                .onItemOrFailure()
                .transformToUni((item, failure) -> {
                    if (failure == null) {
                        successes.increment();
                        log.answered();
                        made(RecentCalls.Outcome.ANSWERED, call.start());
                        return Uni.createFrom().item(item);
                    }
                    return Uni.createFrom().failure(count(known(failure, call.last()), call.start()));
                });
    }

    private CallFailure known(Throwable failure, @Nullable CallFailure last) {
        if (failure instanceof CallFailure known) {
            return known;
        }
        if (failure instanceof CircuitBreakerOpenException) {
            // Opened between two tries: the call was made, and what it was for may have been done.
            return last == null
                    ? new CallFailure.Uncounted(Reason.CIRCUIT_OPEN, name + ": circuit open")
                    : new CallFailure.Final(Reason.ERROR, String.valueOf(last.getMessage()), last);
        }
        if (failure instanceof org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException) {
            return new CallFailure.Final(Reason.TIMEOUT, name + ": backstop timeout", failure);
        }
        return new CallFailure.Final(Reason.ERROR, name + ": " + failure.getMessage(), failure);
    }

    private CallFailure count(CallFailure failure, long start) {
        switch (failure.reason()) {
            case CIRCUIT_OPEN, OVERLOADED -> {
                rejected.increment();
                recent.add(RecentCalls.Outcome.NOT_MADE, 0);
                log.notAsked();
            }
            case TIMEOUT -> {
                timeouts.increment();
                if (failure instanceof CallFailure.Final) {
                    log.failed(failure);
                }
                made(RecentCalls.Outcome.TIMEOUT, start);
            }
            default -> {
                if (failure instanceof CallFailure.Uncounted uncounted && !uncounted.isRefused()) {
                    abandoned.increment();
                    break;
                }
                if (failure instanceof CallFailure.Uncounted) {
                    refused.increment();
                    log.answered();
                    made(RecentCalls.Outcome.ANSWERED, start);
                } else {
                    failures.increment();
                    log.failed(failure);
                    made(RecentCalls.Outcome.FAILED, start);
                }
            }
        }
        return failure;
    }

    private void made(RecentCalls.Outcome outcome, long start) {
        long nanos = System.nanoTime() - start;
        times.record(nanos, TimeUnit.NANOSECONDS);
        recent.add(outcome, nanos);
    }

    String name() {
        return name;
    }

    CallConfig config() {
        return config;
    }

    /** As {@link UpstreamStatus#breaker()} has it. */
    String breaker() {
        return breakerState.get();
    }

    /** What became of its last calls. */
    RecentCalls.Summary recent() {
        return recent.summary();
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
                name,
                breakerState.get(),
                ok + failed + late + saidNo + notMade + left,
                ok,
                failed,
                late,
                (long) retries.count(),
                (long) hedges.count(),
                notMade,
                saidNo,
                left,
                Math.floor(budget.available() * 10) / 10,
                p50,
                p99);
    }
}

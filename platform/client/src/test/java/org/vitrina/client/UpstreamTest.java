package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.core.Deadline;
import org.vitrina.runtime.trace.Traces;

class UpstreamTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Loop loop = new Loop();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicReference<String> breaker = new AtomicReference<>("closed");
    private final AtomicInteger attempts = new AtomicInteger();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void bringsTheItemAndCountsIt() {
        Upstream upstream = upstream(3, 0.3, 10);

        assertThat(Loop.item(call(upstream, scope(LONG), () -> Uni.createFrom().item("item"))))
                .isEqualTo("item");

        assertThat(upstream.status())
                .usingRecursiveComparison()
                .ignoringFields("p50Ms", "p99Ms")
                .isEqualTo(new UpstreamStatus("fake", "closed", 1, 1, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0));
    }

    @Test
    void triesAgainWhatMayBeTriedAgain() {
        Upstream upstream = upstream(3, 0.3, 10);

        String item = Loop.item(call(
                upstream,
                scope(LONG),
                () -> attempts.get() < 3
                        ? Uni.createFrom().failure(new CallFailure.Retryable("500", null))
                        : Uni.createFrom().item("third")));

        assertThat(item).isEqualTo("third");
        assertThat(attempts).hasValue(3);
        UpstreamStatus status = upstream.status();
        assertThat(status.calls()).isEqualTo(1);
        assertThat(status.successes()).isEqualTo(1);
        assertThat(status.failures()).isZero();
        assertThat(status.retries()).isEqualTo(2);
        assertThat(status.retryBudget()).isBetween(98.0, 98.5);
    }

    @Test
    void givesUpAfterFourTries() {
        Upstream upstream = upstream(3, 0.3, 10);

        CallFailure failure = failure(call(upstream, scope(LONG), UpstreamTest::broken));

        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(failure.reason()).isEqualTo(Reason.TOO_MANY_RETRIES);
        assertThat(attempts).hasValue(4);
        assertThat(upstream.status().failures()).isEqualTo(1);
        assertThat(upstream.status().retries()).isEqualTo(3);
    }

    @Test
    void whatIsFinalHasNoCauseThatTheRetryAnnotationWouldTryAgain() {
        var io = new java.io.IOException("reset");

        assertThat(new CallFailure.Final(Reason.ERROR, "no budget", new CallFailure.Retryable("500", io)))
                .hasCause(io);
        assertThat(new CallFailure.Final(Reason.ERROR, "no budget", io)).hasCause(io);
    }

    @Test
    void anyUnknownFailureOfAnAttemptMayBeTriedAgain() {
        Upstream upstream = upstream(1, 0.3, 10);

        CallFailure failure = failure(call(upstream, scope(LONG), () -> {
            throw new IllegalStateException("decoder");
        }));

        assertThat(failure.reason()).isEqualTo(Reason.TOO_MANY_RETRIES);
        assertThat(attempts).hasValue(2);
    }

    @Test
    void withoutRetriesTheFailureIsAPlainError() {
        CallFailure failure = failure(call(upstream(0, 0.3, 10), scope(LONG), UpstreamTest::broken));

        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(failure.reason()).isEqualTo(Reason.ERROR);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void neitherARefusalNorAFinalFailureIsTriedAgain() {
        Upstream upstream = upstream(3, 0.3, 10);

        assertThat(failure(call(
                        upstream, scope(LONG), () -> Uni.createFrom().failure(CallFailure.Uncounted.refused("404")))))
                .isInstanceOf(CallFailure.Uncounted.class);
        assertThat(attempts).hasValue(1);
        assertThat(failure(call(upstream, scope(LONG), () -> Uni.createFrom()
                        .failure(new CallFailure.Final(Reason.ERROR, "10 MB", null)))))
                .isInstanceOf(CallFailure.Final.class);
        assertThat(attempts).hasValue(2);

        assertThat(upstream.status().calls()).isEqualTo(2);
        assertThat(upstream.status().failures()).isEqualTo(1);
        assertThat(upstream.status().refused()).isEqualTo(1);
        assertThat(upstream.status().abandoned()).isZero();
        assertThat(upstream.status().retries()).isZero();
    }

    @Test
    void noTryIsMadeThatCouldOnlyBeginAfterTheDeadline() {
        Upstream upstream = upstream(3, 0.3, 10, Duration.ofMillis(200));

        CallFailure failure = failure(call(upstream, scope(Duration.ofMillis(350)), UpstreamTest::broken));

        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(failure.reason()).isEqualTo(Reason.ERROR);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void noTryIsMadeOnceTheCallerIsGone() {
        Upstream upstream = upstream(3, 0.3, 10);
        CallScope scope = scope(LONG);

        CallFailure failure = failure(call(upstream, scope, () -> {
            scope.cancel();
            return broken();
        }));

        assertThat(failure).isInstanceOf(CallFailure.Uncounted.class);
        assertThat(attempts).hasValue(1);
        assertThat(upstream.status().failures()).isZero();
        assertThat(upstream.status().retryBudget()).isEqualTo(100);
    }

    @Test
    void aRetryThatIsPendingWhenTheCallerGoesIsNotMade() {
        Upstream upstream = upstream(3, 0.3, 10);
        CallScope scope = scope(LONG);
        GuardedCall<String> call = upstream.call(scope, own -> counted());

        assertThat(Loop.failure(loop.subscribe(call.attempt()))).isInstanceOf(CallFailure.Retryable.class);
        loop.on(() -> {
            scope.cancel();
            return "";
        });
        // what the annotation's retry does when its pause is over
        assertThat(Loop.failure(loop.subscribe(call.attempt()))).isInstanceOf(CallFailure.Uncounted.class);

        assertThat(attempts).hasValue(1);
    }

    @Test
    void anEmptyBudgetMakesFailuresFinalAtOnce() {
        Upstream upstream = upstream(3, 0, 1);
        for (int i = 0; i < 4; i++) {
            call(upstream, scope(LONG), UpstreamTest::broken)
                    .exceptionally(failed -> "")
                    .join();
        }
        int before = attempts.get();

        CallFailure failure = failure(call(upstream, scope(LONG), UpstreamTest::broken));

        assertThat(before).isEqualTo(14); // 4 calls, 10 retries
        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(failure.reason()).isEqualTo(Reason.ERROR);
        assertThat(attempts).hasValue(15);
        assertThat(upstream.status().retries()).isEqualTo(10);
    }

    @Test
    void aCallThatIsLateIsCountedAsATimeOut() {
        Upstream upstream = upstream(3, 0.3, 10);

        CallFailure failure = failure(call(
                upstream, scope(Duration.ofMillis(30)), () -> Uni.createFrom().nothing()));

        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(attempts).hasValue(1);
        UpstreamStatus status = upstream.status();
        assertThat(status.timeouts()).isEqualTo(1);
        assertThat(status.failures()).isZero();
        assertThat(status.p99Ms()).isGreaterThan(25);
    }

    @Test
    void anOpenBreakerIsARejectionThatCountsForNothingElse() {
        Upstream upstream = upstream(3, 0.3, 10);
        breaker.set("open");

        CallFailure failure = failure(loop.subscribe(upstream.call(scope(LONG), own -> counted())
                .accounted(Uni.createFrom().failure(new CircuitBreakerOpenException()))));

        assertThat(failure).isInstanceOf(CallFailure.Uncounted.class);
        assertThat(failure.reason()).isEqualTo(Reason.CIRCUIT_OPEN);
        assertThat(attempts).hasValue(0);
        assertThat(upstream.status().rejected()).isEqualTo(1);
        assertThat(upstream.status().breaker()).isEqualTo("open");
        assertThat(registry.get("vitrina.client.breaker.open").gauge().value()).isEqualTo(1);
    }

    @Test
    void aBreakerThatOpensBetweenTwoTriesDoesNotHideThatTheCallWasMade() {
        Upstream upstream = upstream(3, 0.3, 10);
        GuardedCall<String> call = upstream.call(scope(LONG), own -> counted());

        CallFailure failure = failure(loop.subscribe(call.accounted(Uni.createFrom()
                .deferred(call::attempt)
                .onFailure()
                .transform(tried -> new CircuitBreakerOpenException()))));

        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(failure.reason()).isEqualTo(Reason.ERROR);
        assertThat(failure).hasMessage("fake: 500");
        assertThat(attempts).hasValue(1);
        assertThat(upstream.status().failures()).isEqualTo(1);
        assertThat(upstream.status().rejected()).isZero();
    }

    @Test
    void whatAnotherCallerWasToldPassesTheGuardsWithoutATryABudgetOrACount() {
        Upstream upstream = upstream(3, 0.3, 10);
        var outcome = new CallFailure.Final(Reason.TOO_MANY_RETRIES, "fake: 500", null);

        assertThat(passed(upstream, outcome)).containsExactly(outcome);

        assertThat(upstream.status().calls()).isZero();
        assertThat(upstream.status().retryBudget()).isEqualTo(100);
    }

    @Test
    void anOpenBreakerIsToldOfNobodyElsesFailure() {
        Upstream upstream = upstream(3, 0.3, 10);
        breaker.set("half-open");

        assertThat(passed(upstream, new CallFailure.Final(Reason.TIMEOUT, "late", null)))
                .isEmpty();
        breaker.set("closed");
        assertThat(passed(upstream, new CallFailure.Uncounted(Reason.CIRCUIT_OPEN, "open")))
                .isEmpty();
    }

    @Test
    void nobodyIsToWaitForTheProbeOfAHalfOpenBreaker() {
        Upstream upstream = upstream(3, 0.3, 10);
        CallScope scope = scope(LONG);
        breaker.set("half-open");
        assertThat(upstream.refusal()).as("nobody has called yet").isNull();

        CompletableFuture<String> probe =
                call(upstream, scope, () -> Uni.createFrom().nothing());
        await().untilAsserted(() -> assertThat(upstream.refusal())
                .isInstanceOfSatisfying(CallFailure.Uncounted.class, refusal -> assertThat(refusal.reason())
                        .isEqualTo(Reason.CIRCUIT_OPEN)));
        loop.on(() -> {
            scope.cancel();
            return "";
        });

        assertThat(failure(probe)).isInstanceOf(CallFailure.Uncounted.class);
        assertThat(upstream.refusal()).as("it is over").isNull();
        breaker.set("open");
        assertThat(upstream.refusal()).as("whatever is under way began before").isNotNull();
    }

    private List<Throwable> passed(Upstream upstream, CallFailure outcome) {
        List<Throwable> passed = new ArrayList<>();
        loop.on(() -> {
            upstream.shared(scope(LONG), outcome, call -> call.accounted(call.attempt())
                    .onFailure()
                    .invoke(passed::add));
            return "";
        });
        return passed;
    }

    @Test
    void aCallThatMayNotBeRepeatedFailsWithItsFirstTry() {
        GuardedCall<String> call =
                upstream(3, 0.3, 10).call(scope(LONG), own -> counted()).onlyOnce();

        CallFailure failure = failure(loop.subscribe(call.attempt()));

        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(failure.reason()).isEqualTo(Reason.ERROR);
    }

    @Test
    void aCallEndsAfterTheDependencysOwnTimeout() {
        Upstream upstream = new Upstream(
                "fake",
                Settings.of(Map.of("url", "http://127.0.0.1:1", "timeout", "30ms")),
                breaker::get,
                registry,
                Traces.OFF);

        CallFailure failure =
                failure(call(upstream, scope(LONG), () -> Uni.createFrom().nothing()));

        assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void theBackstopsTimeOutIsATimeOut() {
        CallFailure failure = failure(loop.subscribe(upstream(3, 0.3, 10)
                .call(scope(LONG), own -> counted())
                .accounted(Uni.createFrom().failure(new TimeoutException()))));

        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void exportsWhatItCounts() {
        Upstream upstream = upstream(1, 0.3, 10);
        Loop.item(call(upstream, scope(LONG), () -> Uni.createFrom().item("item")));
        failure(call(upstream, scope(LONG), UpstreamTest::broken));

        assertThat(calls("success")).isEqualTo(1);
        assertThat(calls("failure")).isEqualTo(1);
        assertThat(calls("timeout")).isZero();
        assertThat(calls("rejected")).isZero();
        assertThat(calls("abandoned")).isZero();
        assertThat(registry.get("vitrina.client.retries")
                        .tag("dependency", "fake")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("vitrina.client.duration").timer().count()).isEqualTo(2);
        assertThat(registry.get("vitrina.client.retry.budget").gauge().value()).isBetween(99.0, 100.0);
        assertThat(registry.get("vitrina.client.breaker.open").gauge().value()).isZero();
    }

    private double calls(String outcome) {
        return registry.get("vitrina.client.calls")
                .tag("dependency", "fake")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static Uni<String> broken() {
        return Uni.createFrom().failure(new CallFailure.Retryable("500", null));
    }

    private Uni<String> counted() {
        attempts.incrementAndGet();
        return broken();
    }

    /** Tries again whatever is retryable, as often as it is: what limits the tries is the upstream's judgement. */
    private CompletableFuture<String> call(Upstream upstream, CallScope scope, Supplier<Uni<String>> once) {
        GuardedCall<String> call = upstream.call(scope, own -> {
            attempts.incrementAndGet();
            return once.get();
        });
        return loop.subscribe(call.accounted(Uni.createFrom()
                .deferred(call::attempt)
                .onFailure(CallFailure.Retryable.class)
                .retry()
                .atMost(100)));
    }

    private static CallFailure failure(CompletableFuture<?> call) {
        return (CallFailure) Loop.failure(call);
    }

    private CallScope scope(Duration limit) {
        return CallScope.until(loop.vertx(), Deadline.in(limit), false, CallScope.Carried.NONE);
    }

    private Upstream upstream(int retries, double share, int perSecond) {
        return upstream(retries, share, perSecond, Duration.ofMillis(1));
    }

    private Upstream upstream(int retries, double share, int perSecond, Duration pause) {
        Map<String, String> settings = Map.of(
                "url",
                "http://127.0.0.1:1",
                "timeout",
                "1m",
                "max-retries",
                Integer.toString(retries),
                "retry-interval",
                pause.toMillis() + "ms",
                "retry-jitter",
                pause.toMillis() + "ms",
                "retry-share",
                Double.toString(share),
                "retries-per-second",
                Integer.toString(perSecond));
        return new Upstream("fake", Settings.of(settings), breaker::get, registry, Traces.OFF);
    }
}

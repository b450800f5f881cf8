package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.core.Deadline;
import org.vitrina.runtime.trace.Traces;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;
import org.vitrina.testing.proxy.Balancer;

class HedgeTest {
    private static final Answer WELL = Answer.json("[]");

    private final Loop loop = new Loop();
    private final AtomicReference<String> breaker = new AtomicReference<>("closed");
    private final FakeService one = FakeService.answering(WELL);
    private final FakeService other = FakeService.answering(WELL);
    private final Balancer both = Balancer.before(one.port(), other.port());

    @AfterEach
    void close() {
        loop.close();
        both.close();
        one.close();
        other.close();
    }

    @Test
    void anInstanceThatHangsCostsNeitherTheAnswerNorItsTime() {
        Reads reads = reads(both.url(), Map.of("hedge-after", "200ms", "timeout", "5s"));
        for (int i = 0; i < 40; i++) {
            reads.one();
        }
        assertThat(one.count()).isGreaterThan(10);
        assertThat(other.count()).isGreaterThan(10);

        one.answer(Answer.HANGS);
        // five at once, again and again, so that whole rounds of connections have their turn
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            times.addAll(reads.together(5));
        }

        assertThat(times.stream().filter(time -> time.toMillis() < 200).count())
                .as("reads that met the instance that answers, of %s", times.size())
                .isGreaterThan(140);
        // one more round of questions would take 400 ms
        assertThat(times).allSatisfy(time -> assertThat(time).isLessThan(Duration.ofSeconds(5)));
        assertThat(reads.upstream.status().hedges()).isBetween(1L, 60L);
        assertThat(reads.upstream.status().retries()).isZero();
        await().untilAsserted(() -> assertThat(one.underWay()).isZero());
    }

    @Test
    void whatIsSlowAnswersAllTheSame() {
        one.answer(WELL.after(Duration.ofMillis(400)));
        Reads reads = reads(one.url(), Map.of("hedge-after", "100ms"));

        assertThat(reads.one()).isBetween(Duration.ofMillis(400), Duration.ofMillis(950));

        assertThat(one.count()).isEqualTo(2);
        await().untilAsserted(() -> assertThat(one.cancelled()).isEqualTo(1));
        assertThat(reads.upstream.status().calls()).isZero();
        assertThat(reads.upstream.status().hedges()).isEqualTo(1);
    }

    @Test
    void theSecondAnswerEndsTheFirstCallForReal() {
        CountDownLatch never = new CountDownLatch(1);
        one.answer(request -> one.count() == 1 ? WELL.when(never) : WELL);
        Reads reads = reads(one.url(), Map.of("hedge-after", "50ms", "timeout", "5s"));

        reads.one();

        assertThat(one.count()).isEqualTo(2);
        await().untilAsserted(() -> assertThat(one.cancelled()).isEqualTo(1));
    }

    @Test
    void aFailureOfOneOfTheTwoWaitsForTheOther() {
        one.answer(request -> one.count() == 1
                ? Answer.status(500).after(Duration.ofMillis(150))
                : WELL.after(Duration.ofMillis(300)));
        Reads reads = reads(one.url(), Map.of("hedge-after", "50ms"));

        reads.one();

        assertThat(one.count()).isEqualTo(2);
    }

    @Test
    void theTwoTogetherAreOneTry() {
        one.answer(Answer.status(500).after(Duration.ofMillis(150)));
        Reads reads = reads(one.url(), Map.of("hedge-after", "50ms"));

        Throwable failure = Loop.failure(reads.start());

        assertThat(failure).isInstanceOf(CallFailure.Retryable.class).hasMessage("fake: status 500");
        assertThat(one.count()).isEqualTo(2);
    }

    @Test
    void aRefusalIsAnAnswer() {
        one.answer(request -> one.count() == 1 ? Answer.status(404).after(Duration.ofMillis(200)) : Answer.HANGS);
        Reads reads = reads(one.url(), Map.of("hedge-after", "50ms", "timeout", "5s"));

        Throwable failure = Loop.failure(loop.subscribe(reads.upstream
                .call(scope(), own -> reads.http.get(own, "/").map(reply -> Replies.ok("fake", reply)))
                .hedged()
                .attempt()));

        assertThat(failure).isInstanceOf(CallFailure.Uncounted.class);
        await().untilAsserted(() -> assertThat(one.cancelled()).isEqualTo(1));
    }

    @Test
    void aCallerThatLeavesEndsBoth() {
        one.answer(Answer.HANGS);
        Reads reads = reads(one.url(), Map.of("hedge-after", "50ms", "timeout", "30s"));
        CallScope scope = scope();
        CompletableFuture<Reply> read = reads.start(scope);
        await().untilAsserted(() -> assertThat(one.underWay()).isEqualTo(2));

        loop.on(() -> {
            scope.cancel();
            return "";
        });

        assertThat(Loop.failure(read)).isInstanceOf(CallFailure.Uncounted.class);
        await().untilAsserted(() -> assertThat(one.cancelled()).isEqualTo(2));
    }

    @Test
    void neitherAWriteNorAProbeIsAskedASecondTime() {
        one.answer(WELL.after(Duration.ofMillis(200)));
        Reads reads = reads(one.url(), Map.of("hedge-after", "50ms"));

        Loop.item(loop.subscribe(
                reads.upstream.call(scope(), own -> reads.http.get(own, "/")).attempt()));
        assertThat(one.count()).isEqualTo(1);

        breaker.set("half-open");
        reads.one();
        assertThat(one.count()).isEqualTo(2);
    }

    @Test
    void whenAllHangCallsStayWithinTheBudget() {
        one.answer(Answer.HANGS);
        Reads reads = reads(one.url(), Map.of("hedge-after", "50ms", "timeout", "300ms"));
        int requests = 0;
        long start = System.nanoTime();
        for (int round = 0; round < 5; round++) {
            List<CompletableFuture<Reply>> asked = new ArrayList<>();
            for (int i = 0; i < 100; i++, requests++) {
                asked.add(reads.start());
            }
            asked.forEach(Loop::failure);
        }
        double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;

        // ten seconds are saved up at the start
        assertThat(one.count()).isBetween(requests + 100, (int) (1.3 * requests + 10 * (10 + seconds)) + 1);
    }

    private CallScope scope() {
        return CallScope.until(loop.vertx(), Deadline.in(Duration.ofSeconds(30)), false, CallScope.Carried.NONE);
    }

    private Reads reads(URI url, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("url", url.toString());
        return new Reads(Settings.of(all));
    }

    /** Reads of one dependency, as a guarded client makes them. */
    private final class Reads {
        final Upstream upstream;
        final HttpTransport http;

        Reads(DependencyConfig config) {
            this.upstream = new Upstream("fake", config, breaker::get, new SimpleMeterRegistry(), Traces.OFF);
            this.http = new HttpTransport(
                    loop.real(),
                    config.url(),
                    new HttpTransport.Limits(512, 512, 1000, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        }

        CompletableFuture<Reply> start() {
            return start(scope());
        }

        CompletableFuture<Reply> start(CallScope scope) {
            return loop.subscribe(
                    upstream.call(scope, own -> http.get(own, "/")).hedged().attempt());
        }

        Duration one() {
            return together(1).getFirst();
        }

        List<Duration> together(int count) {
            List<CompletableFuture<Duration>> asked = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                asked.add(start().thenApply(reply -> Duration.ofNanos(System.nanoTime() - start)));
            }
            return asked.stream().map(Loop::item).toList();
        }
    }
}

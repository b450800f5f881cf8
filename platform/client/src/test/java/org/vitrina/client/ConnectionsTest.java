package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxInternal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.core.Deadline;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;
import org.vitrina.testing.proxy.Balancer;

/** How the connections to a dependency are used: in turn, until they are of age. */
class ConnectionsTest {
    private static final Answer WELL = Answer.json("[]");
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Loop loop = new Loop();
    private final List<FakeService> instances =
            IntStream.range(0, 3).mapToObj(i -> FakeService.answering(WELL)).toList();
    private final FakeService first = instances.getFirst();

    @AfterEach
    void close() {
        loop.close();
        instances.forEach(FakeService::close);
    }

    @Test
    void newInstancesGetTheirShareAndTheOldOneLeavesAndNoRequestIsLost() {
        try (Balancer balancer = Balancer.before(first.port())) {
            HttpTransport http = transport(balancer.url(), 64, Duration.ofMillis(400));
            ask(http, 100);
            assertThat(first.count()).isEqualTo(100);

            balancer.spreadOver(instances.stream().mapToInt(FakeService::port).toArray());
            askFor(http, Duration.ofMillis(600));
            instances.forEach(FakeService::forget);
            int asked = askFor(http, Duration.ofMillis(1500));

            assertThat(instances.stream().mapToInt(FakeService::count).sum()).isEqualTo(asked);
            assertThat(instances).allSatisfy(instance -> assertThat(instance.count())
                    .as("of %d", asked)
                    .isBetween((int) (0.15 * asked), (int) (0.55 * asked)));

            balancer.spreadOver(first.port());
            askFor(http, Duration.ofMillis(600));
            instances.forEach(FakeService::forget);
            int last = askFor(http, Duration.ofMillis(200));
            assertThat(first.count()).isEqualTo(last);
        }
    }

    @Test
    void aServerThatAsksItsCallersToLeaveLosesNoRequest() {
        AtomicInteger answers = new AtomicInteger();
        first.answer(request ->
                answers.incrementAndGet() % 5 == 0 ? Answer.of(200, Map.of("Connection", "close"), "[]") : WELL);
        HttpTransport http = transport(first.url(), 4, LONG);

        ask(http, 200);

        assertThat(first.connections()).isBetween(40, 44);
    }

    @Test
    void twentyFourTakeTurnsAlsoWhereOneWouldDo() {
        HttpTransport http = transport(first.url(), 64, LONG);

        ask(http, 300);

        assertThat(first.connections()).isEqualTo(24);
        assertThat(first.openConnections()).isEqualTo(24);
    }

    @Test
    void noMoreThanTheMostAreOpenAndTheOthersWait() {
        first.answer(WELL.after(Duration.ofMillis(20)));
        HttpTransport http = transport(first.url(), 3, LONG);

        IntStream.range(0, 30).mapToObj(i -> start(http)).toList().forEach(Loop::item);

        assertThat(first.mostUnderWay()).isEqualTo(3);
        assertThat(first.connections()).isEqualTo(3);
    }

    @Test
    void oneThatNobodyUsesIsClosedAtItsAgeToo() {
        HttpTransport http = transport(first.url(), 64, Duration.ofMillis(300));
        ask(http, 30);
        assertThat(first.openConnections()).isGreaterThan(1);

        await().untilAsserted(() -> assertThat(first.openConnections()).isZero());

        ask(http, 3);
    }

    @Test
    void anAgeThatPassesDuringACallDoesNotEndIt() {
        first.answer(WELL.after(Duration.ofMillis(400)));
        HttpTransport http = transport(first.url(), 1, Duration.ofMillis(100));

        ask(http, 1);

        await().untilAsserted(() -> assertThat(first.openConnections()).isZero());
        assertThat(first.cancelled()).isZero();
    }

    @Test
    void whoWaitsIsServedWhenAConnectionBreaksOff() {
        first.answer(request -> first.count() == 1 ? Answer.brokenOff("[1,2,3]").after(Duration.ofMillis(100)) : WELL);
        HttpTransport http = transport(first.url(), 1, LONG);

        CompletableFuture<Reply> broken = start(http);
        List<CompletableFuture<Reply>> waiting =
                IntStream.range(0, 10).mapToObj(i -> start(http)).toList();

        assertThat(Loop.failure(broken)).isInstanceOf(CallFailure.Retryable.class);
        waiting.forEach(Loop::item);
    }

    @Test
    void whoWaitsIsToldWhenThereIsNobodyToConnectTo() {
        first.close();
        HttpTransport http = transport(first.url(), 1, LONG);

        IntStream.range(0, 10).mapToObj(i -> start(http)).toList().forEach(call -> assertThat(Loop.failure(call))
                .isInstanceOf(CallFailure.Retryable.class));
    }

    @Test
    void noCallIsForgottenWhereverCallersComeFromAndHoweverTheyLeave() throws Exception {
        first.answer(request -> switch (request.target()) {
            case "/broken" -> Answer.brokenOff("[1,2,3]");
            case "/leave" -> Answer.of(200, Map.of("Connection", "close"), "[]");
            default -> WELL;
        });
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        try {
            HttpTransport http = new HttpTransport(
                    vertx,
                    first.url(),
                    new HttpTransport.Limits(8, 5000, 1000, Duration.ofSeconds(1), Duration.ofMillis(50)));
            List<Executor> callers = List.of(
                    work -> ((VertxInternal) vertx).createEventLoopContext().runOnContext(there -> work.run()),
                    work -> vertx.getOrCreateContext().runOnContext(there -> work.run()),
                    work -> vertx.executeBlocking(() -> {
                        work.run();
                        return "";
                    }),
                    Runnable::run);
            List<CompletableFuture<String>> kept = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                String path = i % 7 == 0 ? "/broken" : i % 5 == 0 ? "/leave" : "/";
                CompletableFuture<String> over = new CompletableFuture<>();
                boolean leaves = i % 3 == 0;
                callers.get(i % callers.size()).execute(() -> {
                    Cancellable call = http.get(
                                    CallScope.until(vertx, Deadline.in(LONG), false, CallScope.Carried.NONE), path)
                            .subscribe()
                            .with(reply -> over.complete("answered"), failure -> over.complete("failed"));
                    if (leaves) {
                        call.cancel();
                    }
                });
                if (!leaves) {
                    kept.add(over);
                }
            }
            CompletableFuture.allOf(kept.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
            assertThat(kept).filteredOn(over -> over.join().equals("answered")).hasSizeGreaterThan(1000);
            await().untilAsserted(() -> assertThat(first.openConnections()).isZero());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private int askFor(HttpTransport http, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        int asked = 0;
        while (System.nanoTime() < end) {
            ask(http, 10);
            asked += 10;
        }
        return asked;
    }

    /** One after the other; each must be answered. */
    private void ask(HttpTransport http, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(Loop.item(start(http)).status()).isEqualTo(200);
        }
    }

    private CompletableFuture<Reply> start(HttpTransport http) {
        CallScope scope = CallScope.until(loop.vertx(), Deadline.in(LONG), false, CallScope.Carried.NONE);
        return loop.subscribe(http.get(scope, "/"));
    }

    private HttpTransport transport(URI url, int connections, Duration age) {
        return new HttpTransport(
                loop.real(), url, new HttpTransport.Limits(connections, 1000, 1000, Duration.ofSeconds(1), age));
    }
}

package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.core.Deadline;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

class HttpTransportTest {
    private static final int MOST_BYTES = 100_000;
    private static final Duration AGE = Duration.ofSeconds(30);

    private final Loop loop = new Loop();
    private final FakeService service = FakeService.answering(Answer.json("{\"a\":1}"));
    private final HttpTransport http = transport("", 4, 4);

    @AfterEach
    void close() {
        service.close();
        loop.close();
    }

    @Test
    void bringsStatusHeadersAndBody() {
        service.answer(Answer.of(404, Map.of("Link", "<x>"), "né"));

        Reply reply = Loop.item(loop.subscribe(http.get(scope(), "/products?limit=2")));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.headers().get("link")).isEqualTo("<x>");
        assertThat(reply.body().toString()).isEqualTo("né");
        assertThat(service.requests().getFirst().method()).isEqualTo("GET");
        assertThat(service.requests().getFirst().target()).isEqualTo("/products?limit=2");
        assertThat(service.requests().getFirst().header("host")).isEqualTo("127.0.0.1:" + service.port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000\u0001garbage, not a protocol\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void brokenAnswersAreFailuresOfTheCallAndNothingIsLoggedAboveDebug(String bytes) throws Exception {
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        java.util.logging.Handler log = new java.util.logging.Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.add(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger root = Logger.getLogger("");
        root.addHandler(log);
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.ofVirtual().start(() -> {
                try (Socket caller = server.accept()) {
                    assertThat(caller.getInputStream().read(new byte[4096])).isPositive();
                    caller.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            var broken = new HttpTransport(
                    loop.vertx(),
                    URI.create("http://127.0.0.1:" + server.getLocalPort()),
                    new HttpTransport.Limits(1, 1, MOST_BYTES, Duration.ofSeconds(1), AGE));
            CompletableFuture<?> answer = loop.subscribe(broken.get(scope(), "/"));
            assertThat(answer).failsWithin(Duration.ofSeconds(5));
            answering.join();
            await().during(Duration.ofMillis(100)).until(() -> true);
            assertThat(logged)
                    .filteredOn(line -> line.getLevel().intValue() > Level.INFO.intValue())
                    .extracting(line -> line.getLoggerName() + ": " + line.getMessage())
                    .isEmpty();
        } finally {
            root.removeHandler(log);
        }
    }

    @Test
    void tellsTheNextHopWhatIsLeftLessTwentyMilliseconds() {
        var frozen = Deadline.in(Duration.ofMillis(500), () -> 7);
        CallScope scope = CallScope.until(loop.vertx(), frozen, false, new CallScope.Carried("id-1", "00-a-b-01"));

        Loop.item(loop.subscribe(http.get(scope, "/")));

        assertThat(service.requests().getFirst().header("X-Request-Deadline-Ms"))
                .isEqualTo("480");
        assertThat(service.requests().getFirst().header("X-Request-Id")).isEqualTo("id-1");
        assertThat(service.requests().getFirst().header("traceparent")).isEqualTo("00-a-b-01");
    }

    @Test
    void neverTellsLessThanOneMillisecondAndCarriesNothingThatIsNotThere() {
        var frozen = Deadline.in(Duration.ofMillis(15), () -> 7);

        Loop.item(loop.subscribe(http.get(CallScope.until(loop.vertx(), frozen, false, CallScope.Carried.NONE), "/")));

        assertThat(service.requests().getFirst().header("X-Request-Deadline-Ms"))
                .isEqualTo("1");
        assertThat(service.requests().getFirst().headers()).doesNotContainKeys("x-request-id", "traceparent");
    }

    @Test
    void sendsBodiesAndHeaders() {
        Loop.item(loop.subscribe(http.send(
                scope(),
                HttpMethod.PUT,
                "/users/1/cart/2",
                Map.of("Content-Type", "application/json"),
                Buffer.buffer("{}"))));

        FakeService.Request request = service.requests().getFirst();
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.body()).isEqualTo("{}");
        assertThat(request.header("content-type")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/base", "/base/"})
    void putsTheBaseInFrontOfThePath(String base) {
        Loop.item(loop.subscribe(transport(base, 1, 1).get(scope(), "/products")));

        assertThat(service.requests().getFirst().target()).isEqualTo("/base/products");
    }

    @Test
    void usesAConnectionAgainAlsoAfterAServerError() {
        service.answer(request -> request.target().equals("/500") ? Answer.status(500) : Answer.json("[]"));
        HttpTransport narrow = transport("", 1, 1);
        for (int i = 0; i < 3; i++) {
            Loop.item(loop.subscribe(narrow.get(scope(), "/")));
            assertRetryable(loop.subscribe(narrow.get(scope(), "/500")));
        }

        assertThat(service.connections()).isEqualTo(1);
    }

    @Test
    void anAnswerAtTheLimitIsTakenAndOneByteMoreIsCutOff() {
        service.answer(Answer.blanks(200, MOST_BYTES));
        assertThat(Loop.item(loop.subscribe(http.get(scope(), "/"))).body().length())
                .isEqualTo(MOST_BYTES);

        service.answer(Answer.blanks(200, MOST_BYTES + 1));
        CallFailure failure = (CallFailure) Loop.failure(loop.subscribe(http.get(scope(), "/")));

        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(failure.reason()).isEqualTo(Reason.ERROR);
    }

    @Test
    void tenMegabytesAreCutOffAtOnce() {
        service.answer(Answer.blanks(200, 10 << 20));

        CallFailure failure = (CallFailure) Loop.failure(loop.subscribe(http.get(scope(), "/")));

        assertThat(failure.reason()).isEqualTo(Reason.ERROR);
        await().untilAsserted(() -> assertThat(service.openConnections()).isZero());
        service.answer(Answer.json("[]"));
        assertThat(Loop.item(loop.subscribe(http.get(scope(), "/"))).status()).isEqualTo(200);
    }

    @Test
    void aResetConnectionMayBeTriedAgain() {
        service.answer(Answer.RESETS);
        assertRetryable(loop.subscribe(http.get(scope(), "/")));
    }

    @Test
    void aClosedConnectionMayBeTriedAgain() {
        service.answer(Answer.CLOSES);
        assertRetryable(loop.subscribe(http.get(scope(), "/")));
    }

    @Test
    void garbageMayBeTriedAgain() {
        service.answer(Answer.GARBAGE);
        assertRetryable(loop.subscribe(http.get(scope(), "/")));
    }

    @Test
    void aTruncatedAnswerMayBeTriedAgain() {
        service.answer(Answer.truncated("[{\"product_id\":1}]"));
        assertRetryable(loop.subscribe(http.get(scope(), "/")));
    }

    @Test
    void aResetAmidTheAnswerEndsTheCallWhicheverEventLoopAsks() {
        service.answer(request -> request.target().equals("/broken") ? Answer.brokenOff("[1,2,3]") : Answer.json("[]"));
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        try {
            var two = new HttpTransport(
                    vertx, service.url(), new HttpTransport.Limits(512, 512, MOST_BYTES, Duration.ofSeconds(1), AGE));
            List<ContextInternal> loops = List.of(
                    ((VertxInternal) vertx).createEventLoopContext(), ((VertxInternal) vertx).createEventLoopContext());
            for (int round = 0; round < 500; round++) {
                assertThat(Loop.item(start(two, loops.get(round % 2), "/well")).status())
                        .isEqualTo(200);
                assertRetryable(start(two, loops.get((round + 1) % 2), "/broken"));
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static CompletableFuture<Reply> start(HttpTransport http, ContextInternal loop, String path) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        loop.runOnContext(there -> http.get(
                        CallScope.until(
                                loop.owner(), Deadline.in(Duration.ofSeconds(30)), false, CallScope.Carried.NONE),
                        path)
                .subscribe()
                .with(answer::complete, answer::completeExceptionally));
        return answer;
    }

    @Test
    void aRefusedConnectionMayBeTriedAgain() {
        service.close();
        assertRetryable(loop.subscribe(http.get(scope(), "/")));
    }

    @Test
    void moreCallsThanMayWaitAreRefusedAsOverload() {
        HttpTransport narrow = transport("", 1, 1);
        var open = new CountDownLatch(1);
        service.answer(Answer.json("[]").when(open));
        CompletableFuture<Reply> first = loop.subscribe(narrow.get(scope(), "/1"));
        await().untilAsserted(() -> assertThat(service.underWay()).isEqualTo(1));
        CompletableFuture<Reply> second = loop.subscribe(narrow.get(scope(), "/2"));

        CallFailure refused = (CallFailure) Loop.failure(loop.subscribe(narrow.get(scope(), "/3")));

        assertThat(refused).isInstanceOf(CallFailure.Uncounted.class);
        assertThat(refused.reason()).isEqualTo(Reason.OVERLOADED);
        open.countDown();
        assertThat(Loop.item(first).status()).isEqualTo(200);
        assertThat(Loop.item(second).status()).isEqualTo(200);
        assertThat(service.requests()).extracting(FakeService.Request::target).containsExactly("/1", "/2");
        assertThat(service.connections()).isEqualTo(1);
    }

    @Test
    void theServerSeesTheConnectionCloseWhenTimeIsUp() {
        service.answer(Answer.HANGS);
        CallScope scope = scope(Duration.ofMillis(60));

        CallFailure failure = (CallFailure) Loop.failure(loop.subscribe(scope.run(http.get(scope, "/"))));

        assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
        await().untilAsserted(() -> assertThat(service.cancelled()).isEqualTo(1));
        assertThat(service.openConnections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void theServerSeesTheConnectionCloseWhenTimeIsUpAmidTheBody(int status) {
        service.answer(Answer.hangsAfterHalf(status, "[{\"product_id\":1}]"));
        CallScope scope = scope(Duration.ofMillis(60));

        CallFailure failure = (CallFailure) Loop.failure(loop.subscribe(scope.run(http.get(scope, "/"))));

        assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
        await().untilAsserted(() -> assertThat(service.cancelled()).isEqualTo(1));
        assertThat(service.openConnections()).isZero();
    }

    @Test
    void theServerSeesTheConnectionCloseWhenTheCallerLeaves() {
        service.answer(Answer.HANGS);
        CallScope scope = scope();
        CompletableFuture<Reply> call = loop.subscribe(scope.run(http.get(scope, "/")));
        await().untilAsserted(() -> assertThat(service.underWay()).isEqualTo(1));

        loop.on(() -> {
            scope.cancel();
            return "";
        });

        assertThat(Loop.failure(call)).isInstanceOf(CallFailure.Uncounted.class);
        await().untilAsserted(() -> assertThat(service.cancelled()).isEqualTo(1));
    }

    @Test
    void aCallCancelledWhileItWaitsForAConnectionIsNeverSent() {
        HttpTransport narrow = transport("", 1, 5);
        var open = new CountDownLatch(1);
        service.answer(Answer.json("[]").when(open));
        CompletableFuture<Reply> first = loop.subscribe(narrow.get(scope(), "/1"));
        await().untilAsserted(() -> assertThat(service.underWay()).isEqualTo(1));
        Uni<Reply> waiting = narrow.get(scope(), "/2");
        Cancellable caller = loop.on(() -> waiting.subscribe().with(item -> {}, failure -> {}));
        loop.on(() -> {
            caller.cancel();
            return "";
        });

        open.countDown();
        Loop.item(first);

        assertThat(Loop.item(loop.subscribe(narrow.get(scope(), "/3"))).status())
                .isEqualTo(200);
        assertThat(service.requests()).extracting(FakeService.Request::target).containsExactly("/1", "/3");
    }

    private static void assertRetryable(CompletableFuture<Reply> call) {
        Throwable failure = Loop.failure(call);
        assertThat(failure).isInstanceOf(CallFailure.Retryable.class);
        assertThat(((CallFailure) failure).reason()).isEqualTo(Reason.ERROR);
    }

    private CallScope scope() {
        return scope(Duration.ofSeconds(30));
    }

    private CallScope scope(Duration limit) {
        return CallScope.until(loop.vertx(), Deadline.in(limit), false, CallScope.Carried.NONE);
    }

    private HttpTransport transport(String base, int connections, int waiting) {
        return new HttpTransport(
                loop.real(),
                URI.create(service.url() + base),
                new HttpTransport.Limits(connections, waiting, MOST_BYTES, Duration.ofMillis(500), AGE));
    }
}

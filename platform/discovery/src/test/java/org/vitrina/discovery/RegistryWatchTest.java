package org.vitrina.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

/** What a watcher believes of two replicas of the registry that say all sorts of things. */
class RegistryWatchTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String ONE = "{\"id\":\"a\",\"address\":\"127.0.0.1\",\"port\":81}";
    private static final String OTHER = "{\"id\":\"b\",\"address\":\"127.0.0.1\",\"port\":82}";

    private final Vertx vertx = Vertx.vertx();
    private final FakeService registry = FakeService.answering(list(ONE, OTHER));
    private final FakeService second = FakeService.answering(Answer.status(503));
    private final RegistryClient client = new RegistryClient(vertx);
    private final ReplicaList list =
            new ReplicaList(new Replica.Ejection(5, TimeUnit.SECONDS.toNanos(1)), System::nanoTime);
    private final RegistryWatch watch =
            new RegistryWatch(vertx, client, List.of(registry.url(), second.url()), "cart", list);

    private static Answer list(String... replicas) {
        String body = Arrays.toString(replicas);
        return Answer.of(200, Map.of("ETag", "\"" + body.hashCode() + "\""), body);
    }

    @BeforeEach
    void knowTwo() {
        // a change is told at once, and nothing else: a registry that waits
        registry.answer(request -> request.header("If-None-Match") == null ? list(ONE, OTHER) : Answer.HANGS);
        watch.start();
        await().atMost(LIMIT).until(() -> ids().equals(List.of("a", "b")));
    }

    @AfterEach
    void close() throws Exception {
        watch.end();
        client.close();
        registry.close();
        second.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private List<String> ids() {
        return list.all().stream().map(replica -> replica.address().id()).toList();
    }

    /** The first complaint: an empty or failed answer empties a list that is known. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[{}]", "null", "[{\"id\":\"c\",\"address\":\"10.0.0.1\",\"port\":\"x\"}]"})
    void whatIsNoListChangesNothing(String body) {
        answerBoth(Answer.of(200, Map.of("ETag", "\"x\""), body));
        awaitTakenIn();
        assertThat(ids()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 404, 500})
    void whatFailsChangesNothing(int status) {
        answerBoth(Answer.status(status));
        awaitTakenIn();
        assertThat(ids()).containsExactly("a", "b");
        assertThat(list.ageNanos()).isPositive();
    }

    @Test
    void whoBreaksOffChangesNothing() {
        for (Answer answer : List.of(Answer.RESETS, Answer.truncated("[" + ONE + "]"))) {
            answerBoth(answer);
            awaitTakenIn();
            assertThat(ids()).containsExactly("a", "b");
        }
    }

    @Test
    void theLastReplicaThatDeregisteredEmptiesTheList() {
        answerBoth(list());
        await().atMost(LIMIT).until(() -> ids().isEmpty());
    }

    @Test
    void afterAFailureTheOtherReplicaOfTheRegistryIsBelieved() {
        second.answer(list(OTHER));
        registry.answer(Answer.status(500));
        registry.disconnect();
        await().atMost(LIMIT).until(() -> ids().equals(List.of("b")));
    }

    /** Whatever stands between: one that does not wait is not asked as fast as it answers. */
    @Test
    void aRegistryThatNeverWaitsIsAskedAtAPaceAllTheSame() {
        answerBoth(list(ONE));
        await().atMost(LIMIT).until(() -> ids().equals(List.of("a")));
        long begun = System.nanoTime();
        int before = registry.count() + second.count();
        await().atMost(LIMIT).until(() -> registry.count() + second.count() >= before + 10);
        assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(9 * 20));
        assertThat(ids()).containsExactly("a");
    }

    private void answerBoth(Answer answer) {
        registry.answer(answer);
        second.answer(answer);
        // who waits asks again
        registry.disconnect();
    }

    /** Until each has answered so at least once, and the answer has been taken in: only then the next one is asked. */
    private void awaitTakenIn() {
        int before = second.count();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> second.count() > before);
        int then = registry.count();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> registry.count() > then);
    }
}

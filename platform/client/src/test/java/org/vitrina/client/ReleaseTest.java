package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.core.Deadline;
import org.vitrina.runtime.trace.Traces;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

/** A call's first try goes to the release that its caller has; what is asked again goes to the usual one. */
class ReleaseTest {
    private static final Answer WELL = Answer.json("[]");

    private final Loop loop = new Loop();
    private final FakeService usual = FakeService.answering(WELL);
    private final FakeService next = FakeService.answering(WELL);
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private final HttpTransport http = transport(usual.url());
    private final HttpTransport elsewhere = transport(URI.create(next.url() + "/base/"));
    private final Upstream upstream = new Upstream(
            "fake",
            Settings.of(Map.of("url", usual.url().toString(), "hedge-after", "200ms", "timeout", "1s")),
            () -> "closed",
            new SimpleMeterRegistry(),
            Traces.OFF);

    @AfterEach
    void close() {
        loop.close();
        usual.close();
        next.close();
    }

    private HttpTransport transport(URI url) {
        return new HttpTransport(
                loop.real(), url, new HttpTransport.Limits(8, 8, 1000, Duration.ofSeconds(1), Duration.ofSeconds(30)));
    }

    private final class Next implements Release {
        private final String name;
        private final @Nullable HttpTransport at;

        Next(String name, @Nullable HttpTransport at) {
            this.name = name;
            this.at = at;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public @Nullable HttpTransport elsewhere() {
            return at;
        }

        @Override
        public void ended(long nanos, boolean failed) {
            assertThat(nanos).isPositive();
            ended.add(failed ? "failed" : "well");
        }
    }

    private CallScope scope(Release release) {
        Releases releases = dependency -> dependency.equals("fake") ? release : null;
        return CallScope.until(
                loop.vertx(),
                Deadline.in(Duration.ofSeconds(30)),
                false,
                new CallScope.Carried("id", "trace", "Bearer token", releases));
    }

    private GuardedCall<Reply> call(CallScope scope) {
        return upstream.call(scope, own -> http.get(own, "/a?b=c").map(reply -> Replies.ok("fake", reply)));
    }

    private CompletableFuture<Reply> retried(GuardedCall<Reply> call) {
        return loop.subscribe(Uni.createFrom()
                .deferred(call::attempt)
                .onFailure(CallFailure.Retryable.class)
                .retry()
                .atMost(3));
    }

    @Test
    void isAskedWhereItListensAndToldByItsName() {
        Loop.item(retried(call(scope(new Next("fake/next", elsewhere)))));

        assertThat(usual.count()).isZero();
        FakeService.Request asked = next.requests().getFirst();
        assertThat(asked.target()).isEqualTo("/base/a?b=c");
        assertThat(asked.header("Vitrina-Variant")).isEqualTo("fake/next");
        assertThat(asked.header("Authorization")).isEqualTo("Bearer token");
        assertThat(ended).containsExactly("well");
    }

    @Test
    void withoutAnAddressItIsTheUsualOneThatIsToldTheName() {
        Loop.item(retried(call(scope(new Next("fake/next", null)))));

        assertThat(usual.requests().getFirst().header("Vitrina-Variant")).isEqualTo("fake/next");
    }

    @Test
    void theUsualReleaseCountsTooAndIsToldNothing() {
        Loop.item(retried(call(scope(new Next("", null)))));

        assertThat(usual.requests().getFirst().headers()).doesNotContainKey("vitrina-variant");
        assertThat(ended).containsExactly("well");
    }

    @Test
    void whatItFailsTheUsualOneIsAskedAgain() {
        next.answer(Answer.status(500));

        assertThat(Loop.item(retried(call(scope(new Next("fake/next", elsewhere)))))
                        .status())
                .isEqualTo(200);

        assertThat(next.count()).isEqualTo(1);
        assertThat(usual.requests()).singleElement().satisfies(again -> assertThat(again.headers())
                .doesNotContainKey("vitrina-variant"));
        assertThat(ended).containsExactly("failed");
    }

    @Test
    void whereItHangsTheUsualOneIsAskedMeanwhile() {
        next.answer(Answer.HANGS);

        assertThat(Loop.item(retried(
                                call(scope(new Next("fake/next", elsewhere))).hedged()))
                        .status())
                .isEqualTo(200);

        assertThat(usual.count()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(ended).containsExactly("failed"));
    }

    @Test
    void aCallThatItHoldsUntilItsTimeIsUpHasFailed() {
        next.answer(Answer.HANGS);

        Loop.failure(retried(call(scope(new Next("fake/next", elsewhere)))));

        await().untilAsserted(() -> assertThat(ended).containsExactly("failed"));
    }

    @Test
    void whoLeavesSaysNothingOfIt() {
        next.answer(Answer.HANGS);
        CallScope scope = scope(new Next("fake/next", elsewhere));
        CompletableFuture<Reply> left = retried(call(scope));
        await().until(() -> next.count() == 1);

        loop.on(() -> {
            scope.cancel();
            return true;
        });

        Loop.failure(left);
        assertThat(ended).isEmpty();
    }

    @Test
    void aRefusalIsAnAnswer() {
        next.answer(Answer.status(404));

        Loop.failure(retried(call(scope(new Next("fake/next", elsewhere)))));

        assertThat(ended).containsExactly("well");
    }

    @Test
    void whatItSaysIsKeptUnderItsOwnKey() {
        Releases releases = scope(new Next("fake/next", elsewhere)).carried().releases();
        assertThat(releases.key("fake", "page")).isEqualTo("fake/next|page");
        assertThat(releases.key("other", "page")).isEqualTo("page");
        assertThat(Releases.USUAL.key("fake", "page")).isEqualTo("page");
    }

    @Test
    void aTryWithATraceOfItsOwnIsStillForTheSameCallerByTheSameRelease() {
        CallScope traced = scope(new Next("fake/next", elsewhere))
                .by(new Next("fake/next", elsewhere))
                .carrying("other");

        assertThat(traced.carried().traceparent()).isEqualTo("other");
        assertThat(traced.carried().authorization()).isEqualTo("Bearer token");
        assertThat(traced.variant()).isEqualTo("fake/next");
        assertThat(traced.forHedge().variant()).isNull();
    }
}

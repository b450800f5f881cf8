package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.core.Deadline;

class TimeLimitTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger cancelled = new AtomicInteger();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void cancelsWhatIsUnderWayWhenTheDeadlinePasses() {
        CompletableFuture<Void> work = start(limit(Duration.ofMillis(30)).run(endless()));

        assertThat(work).failsWithin(Duration.ofSeconds(5)).withThrowableThat().withMessageContaining("late");
        assertThat(cancelled).hasValue(1);
    }

    @Test
    void aWorkMayEndOnAnotherThread() {
        CompletableFuture<UniEmitter<? super String>> emitter = new CompletableFuture<>();
        CompletableFuture<String> work =
                start(limit(Duration.ofSeconds(30)).run(Uni.createFrom().<String>emitter(emitter::complete)));

        emitter.join().complete("done elsewhere");

        assertThat(work).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("done elsewhere");
    }

    @Test
    void whatEndsAsTheDeadlinePassesEndsOnce() {
        for (int round = 0; round < 200; round++) {
            AtomicInteger ends = new AtomicInteger();
            CompletableFuture<UniEmitter<? super String>> emitter = new CompletableFuture<>();
            Uni<String> raced = limit(Duration.ofMillis(1))
                    .run(Uni.createFrom().<String>emitter(emitter::complete))
                    .onItemOrFailure()
                    .invoke((item, failure) -> ends.incrementAndGet());
            CompletableFuture<String> work = start(raced);
            var unused = emitter.thenAccept(ready -> ready.complete("item"));

            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(work::isDone);
            assertThat(ends).hasValue(1);
        }
    }

    @Test
    void nothingBeginsAfterItsEnd() {
        TimeLimit limit = limit(Duration.ofSeconds(30));
        limit.end(() -> new IllegalStateException("over"));

        assertThat(start(limit.run(endless())))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("over");
        assertThat(cancelled).hasValue(0);
    }

    private TimeLimit limit(Duration time) {
        return new TimeLimit(vertx, Deadline.in(time), () -> new IllegalStateException("late"));
    }

    private <T> CompletableFuture<T> start(Uni<T> work) {
        CompletableFuture<T> end = new CompletableFuture<>();
        vertx.runOnContext(there -> work.subscribe().with(end::complete, end::completeExceptionally));
        return end;
    }

    private Uni<Void> endless() {
        return Uni.createFrom().<Void>nothing().onCancellation().invoke(cancelled::incrementAndGet);
    }
}

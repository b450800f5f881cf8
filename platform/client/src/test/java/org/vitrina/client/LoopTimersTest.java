package org.vitrina.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.faulttolerance.core.timer.Timer;
import io.smallrye.faulttolerance.core.timer.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTimersTest {
    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "default executor"));
    private final LoopTimers timers = new LoopTimers(() -> executor);
    private final Timer timer = timers.getTimer();

    @AfterEach
    void end() {
        timers.tearDown();
        executor.shutdownNow();
    }

    @Test
    void whatIsScheduledOnAnEventLoopRunsByItsOwnTimerAndNotByTheThreadForAll() throws Exception {
        try (Loop loop = new Loop()) {
            CompletableFuture<String> ran = new CompletableFuture<>();
            TimerTask task = loop.on(() ->
                    timer.schedule(20, () -> ran.complete(Thread.currentThread().getName()), Runnable::run));
            assertThat(timer.countScheduledTasks())
                    .as("tasks of the thread for all")
                    .isZero();

            assertThat(ran.get(5, SECONDS)).contains("eventloop");
            await().until(task::isDone);
            assertThat(task.cancel()).as("cancelled after it ran").isFalse();
        }
    }

    @Test
    void withoutAnExecutorItRunsOnTheDefaultOne() throws Exception {
        try (Loop loop = new Loop()) {
            CompletableFuture<String> ran = new CompletableFuture<>();
            loop.on(() ->
                    timer.schedule(1, () -> ran.complete(Thread.currentThread().getName())));
            assertThat(ran.get(5, SECONDS)).isEqualTo("default executor");
        }
    }

    @Test
    void whatIsCancelledInTimeNeverRuns() {
        try (Loop loop = new Loop()) {
            CompletableFuture<String> cancelled = new CompletableFuture<>();
            CompletableFuture<String> later = new CompletableFuture<>();
            loop.on(() -> {
                TimerTask task = timer.schedule(20, () -> cancelled.complete("ran"), Runnable::run);
                timer.schedule(40, () -> later.complete("ran"), Runnable::run);
                assertThat(task.cancel()).isTrue();
                return task;
            });
            assertThat(Loop.item(later)).isEqualTo("ran");
            assertThat(cancelled).isNotDone();
        }
    }

    @Test
    void offAnEventLoopItIsTheThreadForAll() throws Exception {
        CompletableFuture<String> ran = new CompletableFuture<>();
        TimerTask waiting = timer.schedule(60_000, () -> ran.complete("too early"));
        assertThat(timer.countScheduledTasks()).isEqualTo(1);
        assertThat(waiting.cancel()).isTrue();

        timer.schedule(1, () -> ran.complete(Thread.currentThread().getName()));
        assertThat(ran.get(5, SECONDS)).isEqualTo("default executor");
    }
}

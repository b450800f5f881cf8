package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.core.Deadline;

class CallScopeTest {
    private static final int ROUNDS = 100_000;

    private final Loop loop = new Loop();
    private final AtomicInteger cancelled = new AtomicInteger();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void endsAndCancelsTheCallWhenItsTimeIsUpAndNotBefore() {
        CallScope scope = scope(Duration.ofMillis(80));
        long start = System.nanoTime();

        Throwable failure = Loop.failure(loop.subscribe(scope.run(endless())));

        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(((CallFailure) failure).reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(millis).isBetween(70L, 500L);
        assertThat(cancelled).hasValue(1);
    }

    @Test
    void handsItemAndFailureThroughOnTheEventLoop() {
        CallScope scope = scope(Duration.ofSeconds(5));
        var broken = new IllegalStateException("broken");
        AtomicReference<Thread> thread = new AtomicReference<>();

        assertThat(Loop.item(loop.subscribe(
                        scope.run(Uni.createFrom().item("a")).invoke(() -> thread.set(Thread.currentThread())))))
                .isEqualTo("a");
        assertThat(Loop.failure(loop.subscribe(scope.run(Uni.createFrom().failure(broken)))))
                .isSameAs(broken);
        assertThat(loop.on(Thread::currentThread)).isSameAs(thread.get());
    }

    @Test
    void aTimeOutArrivesOnTheEventLoopToo() {
        CallScope scope = scope(Duration.ofMillis(20));
        AtomicReference<Thread> thread = new AtomicReference<>();

        Loop.failure(loop.subscribe(scope.run(endless()).onFailure().invoke(() -> thread.set(Thread.currentThread()))));

        assertThat(loop.on(Thread::currentThread)).isSameAs(thread.get());
    }

    @Test
    void aCallerWhoStopsWaitingCancelsTheWorkAndLeavesNoTimer() {
        CallScope scope = scope(Duration.ofSeconds(30));
        Cancellable caller = loop.on(() -> scope.run(endless()).subscribe().with(item -> {}, failure -> {}));

        loop.on(() -> {
            caller.cancel();
            return "";
        });

        assertThat(cancelled).hasValue(1);
        assertThat(loop.timersSet()).isEqualTo(1);
        assertThat(loop.timersNotCancelled()).isZero();
    }

    @Test
    void theEndOfTheCallerEndsEveryCallHereAndWithin() {
        CallScope scope = scope(Duration.ofSeconds(30));
        CallScope child = scope.within(Duration.ofSeconds(20));
        CallScope grandchild = child.within(Duration.ofSeconds(10));
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        for (CallScope each : List.of(scope, scope, child, grandchild)) {
            calls.add(loop.subscribe(each.run(endless())));
        }

        cancel(scope);

        for (CompletableFuture<Void> call : calls) {
            assertThat(Loop.failure(call)).isInstanceOf(CallFailure.Uncounted.class);
        }
        assertThat(cancelled).hasValue(4);
        assertThat(List.of(scope.gone(), child.gone(), grandchild.gone())).containsOnly(true);
        assertThat(loop.timersNotCancelled()).isZero();
    }

    @Test
    void noCallBeginsOnceTheCallerIsGone() {
        CallScope scope = scope(Duration.ofSeconds(30));
        CallScope before = scope.within(Duration.ofSeconds(1));
        cancel(scope);
        CallScope after = scope.within(Duration.ofSeconds(1));

        for (CallScope each : List.of(scope, before, after)) {
            assertThat(Loop.failure(loop.subscribe(each.run(forbidden())))).isInstanceOf(CallFailure.Uncounted.class);
        }
        assertThat(loop.timersSet()).isZero();
    }

    @Test
    void noCallBeginsAfterTheDeadline() {
        Throwable failure = Loop.failure(loop.subscribe(scope(Duration.ZERO).run(forbidden())));

        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(((CallFailure) failure).reason()).isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void aChildEndsWithItsParentAtTheLatest() {
        CallScope scope = scope(Duration.ofMillis(60));
        long start = System.nanoTime();

        Loop.failure(loop.subscribe(scope.within(Duration.ofSeconds(30)).run(endless())));

        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(50L, 1000L);
    }

    @Test
    void aChildsEndLeavesParentAndSiblingsAlone() {
        CallScope scope = scope(Duration.ofSeconds(30));
        CompletableFuture<Void> parents = loop.subscribe(scope.run(endless()));
        CompletableFuture<Void> siblings =
                loop.subscribe(scope.within(Duration.ofSeconds(20)).run(endless()));
        CompletableFuture<Void> childs =
                loop.subscribe(scope.within(Duration.ofMillis(20)).run(endless()));

        Loop.failure(childs);

        assertThat(cancelled).hasValue(1);
        assertThat(parents).isNotDone();
        assertThat(siblings).isNotDone();
    }

    @Test
    void detachedWorkOutlivesTheCaller() {
        CallScope scope = scope(Duration.ofSeconds(30));
        CallScope shared = scope.detached(Duration.ofSeconds(20));
        CompletableFuture<Void> work = loop.subscribe(shared.run(endless()));

        cancel(scope);

        assertThat(shared.gone()).isFalse();
        assertThat(work).isNotDone();
        assertThat(cancelled).hasValue(0);
    }

    @Test
    void theCallersShortDeadlineIsNobodysFault() {
        CallScope scope =
                CallScope.until(loop.vertx(), Deadline.in(Duration.ofMillis(60)), true, CallScope.Carried.NONE);

        Throwable whole = Loop.failure(loop.subscribe(scope.run(endless())));
        assertThat(whole).isInstanceOf(CallFailure.Uncounted.class);
        assertThat(((CallFailure) whole).reason()).isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void aShortDeadlineExcusesOnlyTheCallsThatItCutShort() {
        CallScope scope =
                CallScope.until(loop.vertx(), Deadline.in(Duration.ofMillis(500)), true, CallScope.Carried.NONE);
        CallScope own = scope.within(Duration.ofMillis(20));
        CallScope cut = scope.within(Duration.ofSeconds(1));

        assertThat(own.shortened()).isFalse();
        assertThat(cut.shortened()).isTrue();
        assertThat(Loop.failure(loop.subscribe(own.run(endless())))).isInstanceOf(CallFailure.Final.class);
        assertThat(Loop.failure(loop.subscribe(cut.run(endless())))).isInstanceOf(CallFailure.Uncounted.class);
    }

    @Test
    void aScopeHasOneTimerHoweverManyItsCallsAndNoneAfterThem() {
        CallScope scope = scope(Duration.ofSeconds(30));
        List<CompletableFuture<String>> ends = new ArrayList<>();
        List<CompletableFuture<String>> calls = loop.on(() -> {
            List<CompletableFuture<String>> started = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                CompletableFuture<String> end = new CompletableFuture<>();
                ends.add(end);
                started.add(scope.run(Uni.createFrom().completionStage(end))
                        .subscribe()
                        .asCompletionStage());
            }
            return started;
        });
        assertThat(loop.timersSet()).isEqualTo(1);

        loop.on(() -> {
            for (int i = 0; i < 100; i++) {
                // from both ends and the middle: calls leave the ring in any order
                ends.get((i * 37) % 100).complete("item");
            }
            return "";
        });

        calls.forEach(call -> assertThat(Loop.item(call)).isEqualTo("item"));
        assertThat(loop.timersSet()).isEqualTo(1);
        assertThat(loop.timersNotCancelled()).isZero();
    }

    @Test
    void aCallThatEndsItsScopeWhileItBeginsIsCancelledToo() {
        CallScope scope = scope(Duration.ofSeconds(30));
        Uni<Void> suicidal = Uni.createFrom().emitter(emitter -> {
            emitter.onTermination(cancelled::incrementAndGet);
            scope.cancel();
        });

        assertThat(Loop.failure(loop.subscribe(scope.run(suicidal)))).isInstanceOf(CallFailure.Uncounted.class);
        await().untilAtomic(cancelled, is(1));
    }

    @Test
    void whatComesAfterTheEndIsDropped() {
        CallScope scope = scope(Duration.ofMillis(20));
        CompletableFuture<UniEmitter<? super String>> work = new CompletableFuture<>();
        CompletableFuture<String> call =
                loop.subscribe(scope.run(Uni.createFrom().<String>emitter(work::complete)));

        Throwable failure = Loop.failure(call);
        loop.on(() -> {
            work.join().complete("late");
            return "";
        });

        assertThat(failure).isInstanceOf(CallFailure.Final.class);
        assertThat(Loop.failure(call)).isSameAs(failure);
        assertThat(loop.timersSet()).isEqualTo(1);
    }

    /**
     * A load that several callers share is cancelled by the last of them, on whatever event loop that is, while calls begin
     * and end on the scope's own, or on none. Each call ends, once, and no thread is kept.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callsThatBeginAndEndWhileAnotherThreadCancelsEndOnceEach(boolean onEventLoops) {
        Rounds rounds = new Rounds();
        Semaphore ahead = new Semaphore(64);
        try (var other = new Loop();
                var pool = Executors.newFixedThreadPool(2)) {
            Context home = loop.real().getOrCreateContext();
            Context elsewhere = other.real().getOrCreateContext();
            Executor own = onEventLoops ? work -> home.runOnContext(there -> work.run()) : pool;
            Executor cancelling = onEventLoops ? work -> elsewhere.runOnContext(there -> work.run()) : pool;
            for (int round = 0; round < ROUNDS; round++) {
                ahead.acquireUninterruptibly();
                own.execute(() -> rounds.one(loop.real(), cancelling, ahead));
            }
            await().atMost(Duration.ofMinutes(1)).untilAtomic(rounds.ended, is(ROUNDS * Rounds.CALLS));
            await().atMost(Duration.ofMinutes(1)).untilAtomic(rounds.over, is(rounds.begun.get()));
        }
        assertThat(rounds.ended).hasValue(ROUNDS * Rounds.CALLS);
    }

    /** Each has a scope of its own, some of whose calls end by themselves while another thread ends them all. */
    private static final class Rounds {
        static final int CALLS = 4;

        final AtomicInteger ended = new AtomicInteger();
        final AtomicInteger begun = new AtomicInteger();
        final AtomicInteger over = new AtomicInteger();

        void one(Vertx vertx, Executor cancelling, Semaphore ahead) {
            CallScope scope = CallScope.until(vertx, Deadline.in(Duration.ofMinutes(5)), false, CallScope.Carried.NONE);
            call(scope, false);
            cancelling.execute(() -> {
                scope.cancel();
                ahead.release();
            });
            call(scope, true);
            call(scope.within(Duration.ofMinutes(2)), false);
            call(scope, false);
        }

        private void call(CallScope scope, boolean endsByItself) {
            AtomicReference<@Nullable UniEmitter<? super String>> work = new AtomicReference<>();
            var unused = scope.run(Uni.createFrom().<String>emitter(emitter -> {
                        begun.incrementAndGet();
                        emitter.onTermination(over::incrementAndGet);
                        work.set(emitter);
                    }))
                    .subscribe()
                    .with(item -> ended.incrementAndGet(), failure -> ended.incrementAndGet());
            UniEmitter<? super String> under = work.get();
            if (endsByItself && under != null) {
                under.complete("item");
            }
        }
    }

    private CallScope scope(Duration limit) {
        return CallScope.until(loop.vertx(), Deadline.in(limit), false, CallScope.Carried.NONE);
    }

    private void cancel(CallScope scope) {
        loop.on(() -> {
            scope.cancel();
            return "";
        });
    }

    private Uni<Void> endless() {
        return Uni.createFrom().<Void>nothing().onCancellation().invoke(cancelled::incrementAndGet);
    }

    private static Uni<Void> forbidden() {
        return Uni.createFrom().deferred(() -> {
            throw new AssertionError("begun");
        });
    }
}

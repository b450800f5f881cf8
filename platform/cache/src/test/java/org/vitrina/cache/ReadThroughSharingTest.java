package org.vitrina.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads that several callers share. */
@Timeout(30)
class ReadThroughSharingTest extends ReadThroughSuite {
    @Test
    void sharesLoadsBetweenOneAndMany() {
        List<UniEmitter<? super String>> one = new ArrayList<>();
        var single = subscribe(cache.get("a", holding(one)));
        AtomicReference<UniEmitter<? super Map<String, String>>> batch = new AtomicReference<>();
        var many = subscribe(cache.getAll(List.of("a", "b"), keys -> {
            assertThat(keys).containsExactly("b");
            return Uni.createFrom().emitter(e -> batch.set(e));
        }));
        var second = subscribe(cache.get("b", loading("never")));

        requireNonNull(batch.get()).complete(Map.of("b", "B"));
        second.awaitItem().assertItem(Cached.loaded("B"));
        many.assertNotTerminated();
        one.getFirst().complete("A");
        single.awaitItem().assertItem(Cached.loaded("A"));
        assertThat(many.awaitItem().getItem().found()).containsOnlyKeys("a", "b");
        assertThat(loads).hasValue(1);
    }

    // ---- a load that is not to be waited for

    @Test
    void refusesToWaitForAnothersLoadAndKeepsWhatItBrings() {
        get("none", () -> Uni.createFrom().nullItem());
        List<UniEmitter<? super String>> held = new ArrayList<>();
        var first = subscribe(cache.get("a", holding(held)));
        refusal = down;

        subscribe(cache.get("a", loading("never"))).assertFailedWith(down.getClass(), "down");
        assertThat(all(List.of("a", "b"), keys -> Uni.createFrom().item(Map.of("b", "B"))))
                .satisfies(many -> assertThat(many.found()).containsOnlyKeys("b"))
                .satisfies(many -> assertThat(many.failure()).isSameAs(down));
        assertThat(get("none", loading("never")))
                .as("what is known not to exist")
                .isNull();
        held.getFirst().complete("1");

        first.awaitItem().assertItem(Cached.loaded("1"));
        assertThat(get("a", loading("never")).value()).isEqualTo("1");
        assertThat(loads).hasValue(1);
    }

    @Test
    void doesNotRefuseACallItsOwnLoad() {
        refusal = down;
        AtomicReference<UniEmitter<? super Map<String, String>>> batch = new AtomicReference<>();
        var twice = subscribe(
                cache.getAll(List.of("a", "a"), keys -> Uni.createFrom().emitter(emitter -> batch.set(emitter))));

        requireNonNull(batch.get()).complete(Map.of("a", "A"));

        assertThat(twice.awaitItem().getItem().failure()).isNull();
        assertThat(twice.getItem().found()).containsOnlyKeys("a");
    }

    // ---- single flight

    @Test
    void loadsOnceForThirtyTwoThreadsAtOnce() throws Exception {
        int threads = 32;
        int rounds = 200;
        CyclicBarrier barrier = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        ExecutorService loading = Executors.newSingleThreadExecutor();
        try {
            List<Future<Integer>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(pool.submit(() -> {
                    int right = 0;
                    for (int round = 0; round < rounds; round++) {
                        barrier.await();
                        String key = "key-" + round;
                        String value = "value-" + round;
                        Cached<String> got = cache.get(key, () -> {
                                    loads.incrementAndGet();
                                    return Uni.createFrom().item(value).emitOn(loading);
                                })
                                .await()
                                .atMost(Duration.ofSeconds(10));
                        right += got.value().equals(value) ? 1 : 0;
                    }
                    return right;
                }));
            }
            for (Future<Integer> each : all) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(rounds);
            }
        } finally {
            pool.shutdownNow();
            loading.shutdownNow();
        }
        assertThat(loads).hasValue(rounds);
    }

    @Test
    void goesOnForTheOthersWhenOneCallerLeaves() {
        List<UniEmitter<? super String>> held = new ArrayList<>();
        AtomicInteger cancelled = new AtomicInteger();
        Supplier<Uni<String>> loader =
                () -> holding(held).get().onCancellation().invoke(cancelled::incrementAndGet);
        var first = subscribe(cache.get("a", loader));
        var second = subscribe(cache.get("a", loader));

        first.cancel();
        held.getFirst().complete("1");

        second.awaitItem().assertItem(Cached.loaded("1"));
        assertThat(cancelled).hasValue(0);
        assertThat(held).hasSize(1);
    }

    @Test
    void cancelsTheLoadWhenAllCallersHaveLeftAndStartsAnewForTheNext() {
        List<UniEmitter<? super String>> held = new ArrayList<>();
        AtomicInteger cancelled = new AtomicInteger();
        Supplier<Uni<String>> loader =
                () -> holding(held).get().onCancellation().invoke(cancelled::incrementAndGet);
        var first = subscribe(cache.get("a", loader));
        var second = subscribe(cache.get("a", loader));
        first.cancel();
        assertThat(cancelled).hasValue(0);
        second.cancel();
        assertThat(cancelled).hasValue(1);

        var third = subscribe(cache.get("a", loader));
        held.get(1).complete("2");
        third.awaitItem().assertItem(Cached.loaded("2"));
        assertThat(cancelled).hasValue(1);
    }

    @Test
    void cancelsABatchOnlyWhenNobodyWantsAnyOfItsKeys() {
        AtomicInteger cancelled = new AtomicInteger();
        Uni<Map<String, String>> never = Uni.createFrom().nothing();
        var batch = subscribe(
                cache.getAll(List.of("a", "b"), keys -> never.onCancellation().invoke(cancelled::incrementAndGet)));
        var one = subscribe(cache.get("b", loading("never")));

        batch.cancel();
        assertThat(cancelled).hasValue(0);
        one.cancel();
        assertThat(cancelled).hasValue(1);
    }

    @Test
    void racesOfLeavingAndLandingLoseNoAnswer() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 500; round++) {
                String key = "key-" + round;
                CyclicBarrier barrier = new CyclicBarrier(3);
                AtomicReference<UniEmitter<? super String>> held = new AtomicReference<>();
                var leaves = subscribe(cache.get(key, () -> Uni.createFrom().emitter(e -> held.set(e))));
                CompletableFuture<Cached<String>> stays = new CompletableFuture<>();
                List<Future<?>> all = List.of(
                        pool.submit(() -> {
                            barrier.await();
                            leaves.cancel();
                            return null;
                        }),
                        pool.submit(() -> {
                            barrier.await();
                            requireNonNull(held.get()).complete("first");
                            return null;
                        }),
                        pool.submit(() -> {
                            barrier.await();
                            cache.get(key, () -> Uni.createFrom().item("second"))
                                    .subscribe()
                                    .with(stays::complete, stays::completeExceptionally);
                            return null;
                        }));
                for (Future<?> each : all) {
                    each.get(10, TimeUnit.SECONDS);
                }
                assertThat(stays.get(10, TimeUnit.SECONDS).value()).isIn("first", "second");
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void loadsOnceMoreForACallerWhoseSharedLoadTimedOut() {
        List<UniEmitter<? super String>> held = new ArrayList<>();
        var impatient = subscribe(cache.get("a", holding(held)));
        var patient = subscribe(cache.get("a", loading("late")));

        held.getFirst().fail(new TimeoutException());

        impatient.awaitFailure().assertFailedWith(TimeoutException.class);
        patient.awaitItem().assertItem(Cached.loaded("late"));
    }

    @Test
    void doesNotLoadOnceMoreAfterAnotherFailure() {
        List<UniEmitter<? super String>> held = new ArrayList<>();
        var first = subscribe(cache.get("a", holding(held)));
        var second = subscribe(cache.get("a", loading("late")));

        held.getFirst().fail(down);

        assertThat(first.awaitFailure().getFailure()).isSameAs(down);
        assertThat(second.awaitFailure().getFailure()).isSameAs(down);
        assertThat(loads).hasValue(1);
    }

    @Test
    void doesNotJoinALoadThatHasHungTooLong() {
        Uni<String> never = Uni.createFrom().nothing();
        var hung = subscribe(cache.get("a", () -> never));
        time.advance(TIMES.limit());
        var joined = subscribe(cache.get("a", loading("never")));
        joined.assertNotTerminated();

        time.advance(Duration.ofNanos(1));

        assertThat(get("a", loading("1"))).isEqualTo(Cached.loaded("1"));
        hung.assertNotTerminated();
    }

    // ---- contexts

    @Test
    void answersEachCallerOnItsOwnContextAndLoadsOnTheFirstCallers() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Context one = ((VertxInternal) vertx).createEventLoopContext();
            Context two = ((VertxInternal) vertx).createEventLoopContext();
            assertThat(one).isNotSameAs(two);
            AtomicReference<UniEmitter<? super String>> held = new AtomicReference<>();
            AtomicReference<@Nullable Context> loadedOn = new AtomicReference<>();
            CompletableFuture<@Nullable Context> first = new CompletableFuture<>();
            CompletableFuture<@Nullable Context> second = new CompletableFuture<>();
            one.runOnContext(v -> cache.get("a", () -> {
                        loadedOn.set(Vertx.currentContext());
                        return Uni.createFrom().emitter(e -> held.set(e));
                    })
                    .subscribe()
                    .with(item -> first.complete(Vertx.currentContext())));
            await().until(() -> held.get() != null);
            CompletableFuture<Void> joined = new CompletableFuture<>();
            two.runOnContext(v -> {
                cache.get("a", loading("never")).subscribe().with(item -> second.complete(Vertx.currentContext()));
                joined.complete(null);
            });
            joined.get(5, TimeUnit.SECONDS);
            requireNonNull(held.get()).complete("1");

            assertThat(first.get(5, TimeUnit.SECONDS)).isSameAs(one);
            assertThat(second.get(5, TimeUnit.SECONDS)).isSameAs(two);
            assertThat(loadedOn.get()).isSameAs(one);
            assertThat(loads).hasValue(0);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
    }
}

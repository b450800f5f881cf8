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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrina.cache.Cached.Origin;

/** Copies that stand in for a load that is slow or has failed; each test begins with an old copy of a and of b. */
@Timeout(30)
class StandingInTest extends ReadThroughSuite {
    private static final Duration PAUSE = FailedLoads.PAUSE;
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private final List<UniEmitter<? super String>> held = new ArrayList<>();
    private final AtomicInteger cancelled = new AtomicInteger();

    @BeforeEach
    void copies() {
        get("a", loading("1"));
        get("b", loading("1"));
        time.advance(TTL);
        loads.set(0);
    }

    // ---- the wait

    @Test
    void theCopyIsTheAnswerWhenTheLoadIsOldEnough() {
        var first = subscribe(cache.get("a", holding(held)));
        time.advance(WAIT.minus(MILLISECOND));
        first.assertNotTerminated();

        time.advance(MILLISECOND);

        first.assertCompleted().assertItem(old(TTL.plus(WAIT)));
        assertThat(counters.stale.sum()).isEqualTo(1);
    }

    @Test
    void theCopyIsTheAnswerAtOnceWhereTheLoadIsNotToBeWaitedFor() {
        var first = subscribe(cache.get("a", holding(held)));
        refusal = down;

        subscribe(cache.get("a", holding(held))).assertCompleted().assertItem(old(TTL));
        first.assertNotTerminated();
    }

    @Test
    void theWaitIsCountedFromTheLoadsStart() {
        var first = subscribe(cache.get("a", holding(held)));
        time.advance(Duration.ofMillis(60));
        var second = subscribe(cache.get("a", holding(held)));
        second.assertNotTerminated();
        time.advance(Duration.ofMillis(40));

        first.assertCompleted();
        second.assertCompleted().assertItem(old(TTL.plus(WAIT)));
        // and at once from now on
        time.advance(MILLISECOND);
        subscribe(cache.get("a", holding(held)))
                .assertCompleted()
                .assertItem(old(TTL.plus(WAIT).plus(MILLISECOND)));
        assertThat(loads).hasValue(1);
    }

    @Test
    void whoeverWaitsGetsTheFreshValueThatComesInTime() {
        var first = subscribe(cache.get("a", holding(held)));
        var second = subscribe(cache.get("a", holding(held)));
        time.advance(WAIT.minus(MILLISECOND));
        assertThat(time.pending()).isEqualTo(1);

        held.getFirst().complete("2");

        first.assertCompleted().assertItem(Cached.loaded("2"));
        second.assertCompleted().assertItem(Cached.loaded("2"));
        assertThat(time.pending()).isZero();
        assertThat(counters.stale.sum()).isZero();
    }

    @Test
    void theLoadGoesOnBehindTheCopyAndItsValueIsKept() {
        subscribe(cache.get("a", holding(held)));
        time.advance(Duration.ofSeconds(1));

        held.getFirst().complete("2");

        assertThat(get("a", holding(held))).isEqualTo(new Cached<>("2", Duration.ZERO, Origin.FRESH));
        assertThat(loads).hasValue(1);
    }

    @Test
    void theLoadGoesOnWhenAllItsCallersHaveGone() {
        Supplier<Uni<String>> loader =
                () -> holding(held).get().onCancellation().invoke(cancelled::incrementAndGet);
        var first = subscribe(cache.get("a", loader));
        var second = subscribe(cache.get("a", loader));
        first.cancel();
        second.cancel();
        assertThat(cancelled).hasValue(0);

        held.getFirst().complete("2");

        assertThat(get("a", loader)).isEqualTo(new Cached<>("2", Duration.ZERO, Origin.FRESH));
        assertThat(loads).hasValue(1);
    }

    @Test
    void aLoadThatBeganWithoutACopyGoesOnOnceItIsJoinedWithOne() {
        // as where the first caller's look-up was too late for the copy
        Supplier<Uni<String>> loader =
                () -> holding(held).get().onCancellation().invoke(cancelled::incrementAndGet);
        var without = subscribe(cache.get("c", loader));
        long now = store.now();
        store.write(List.of("c"), List.of(new CacheEntry<>("1", now - TTL.toMillis(), now)), () -> {});
        var with = subscribe(cache.get("c", loader));
        time.advance(WAIT);
        with.assertCompleted().assertItem(old(TTL.plus(WAIT)));
        without.assertNotTerminated();
        without.cancel();
        assertThat(cancelled).hasValue(0);

        held.getFirst().complete("2");

        assertThat(get("c", loader).origin()).isEqualTo(Origin.FRESH);
        assertThat(loads).hasValue(1);
    }

    @Test
    void aCopyThatWouldBeTooOldAtTheEndOfTheWaitDoesNotStandIn() {
        time.advance(MAX_STALE.minus(TTL).minus(WAIT));
        var caller = subscribe(cache.get("a", holding(held)));
        time.advance(WAIT);
        caller.assertNotTerminated();
        time.advance(WAIT);
        caller.assertNotTerminated();

        held.getFirst().complete("2");

        caller.assertCompleted().assertItem(Cached.loaded("2"));
    }

    @Test
    void theKnowledgeThatThereIsNothingDoesNotStandIn() {
        Supplier<Uni<String>> nothing = () -> Uni.createFrom().nullItem();
        assertThat(cache.get("none", nothing).await().indefinitely()).isNull();
        time.advance(Duration.ofSeconds(1));
        var caller = subscribe(cache.get("none", holding(held)));
        time.advance(WAIT.multipliedBy(2));
        caller.assertNotTerminated();

        held.getFirst().complete(null);

        caller.assertCompleted().assertItem(null);
        assertThat(cache.get("none", loading("never")).await().indefinitely()).isNull();
    }

    // ---- after a failure

    @Test
    void forASecondAfterAFailureTheCopyIsTheAnswerAtOnceAndNothingIsLoaded() {
        assertThat(get("a", failing(down))).isEqualTo(old(TTL));
        time.advance(PAUSE.minus(MILLISECOND));

        subscribe(cache.get("a", holding(held)))
                .assertCompleted()
                .assertItem(old(TTL.plus(PAUSE).minus(MILLISECOND)));
        assertThat(loads).hasValue(1);
        time.advance(MILLISECOND);
        var later = subscribe(cache.get("a", holding(held)));
        assertThat(loads).hasValue(2);
        later.assertNotTerminated();
        held.getFirst().complete("2");
        later.assertCompleted().assertItem(Cached.loaded("2"));
    }

    @Test
    void underAHangNobodyWaitsAfterTheFirstAndOneLoadASecondGoesOut() {
        int waited = 0;
        for (int tenths = 0; tenths < 100; tenths++) {
            if (tenths > 0 && tenths % 10 == 0) {
                // each load ends by its own limit of a second
                held.getLast().fail(down);
            }
            for (int i = 0; i < 5; i++) {
                var caller = subscribe(cache.get("a", holding(held)));
                waited += caller.getItem() == null ? 1 : 0;
            }
            assertThat(loads).as("after %d tenths", tenths).hasValue(1 + tenths / 10);
            time.advance(Duration.ofMillis(100));
        }

        assertThat(waited).as("those of the first instant").isEqualTo(5);
        assertThat(counters.stale.sum()).isEqualTo(500);

        held.getLast().complete("2");
        assertThat(get("a", holding(held)).value()).isEqualTo("2");
    }

    @Test
    void aFailureIsForgottenWithTheNextSuccessAndWithTheKey() {
        get("a", failing(down));
        get("b", failing(down));
        cache.invalidate("a").await().indefinitely();
        assertThat(get("a", loading("2"))).isEqualTo(Cached.loaded("2"));

        time.advance(TTL);
        var caller = subscribe(cache.get("a", holding(held)));
        caller.assertNotTerminated();
        held.getFirst().complete("3");
        caller.assertCompleted().assertItem(Cached.loaded("3"));
    }

    @Test
    void whereThereIsNoCopyTheNextCallerLoadsAtOnce() {
        for (int i = 0; i < 3; i++) {
            subscribe(cache.get("c", failing(down))).assertFailedWith(IllegalStateException.class, "down");
        }
        assertThat(loads).hasValue(3);
        assertThat(get("c", loading("1"))).isEqualTo(Cached.loaded("1"));
    }

    @Test
    void whoeverMissedTheCopyLooksOnceMoreWhereNothingIsWorthAWait() {
        AtomicInteger lateLooks = new AtomicInteger();
        AtomicInteger looks = new AtomicInteger();
        Store<String> remote = new Store<>() {
            @Override
            public long now() {
                return store.now();
            }

            @Override
            public boolean isElsewhere() {
                return true;
            }

            @Override
            public void read(List<String> keys, Consumer<List<CacheEntry<String>>> then) {
                looks.incrementAndGet();
                if (lateLooks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    then.accept(Collections.nCopies(keys.size(), null));
                } else {
                    store.read(keys, then);
                }
            }

            @Override
            public void write(List<String> keys, List<CacheEntry<String>> entries, Runnable done) {
                store.write(keys, entries, done);
            }

            @Override
            public void remove(String key) {
                store.remove(key);
            }
        };
        var elsewhere = new ReadThrough<>(spec, remote, counters, () -> random, TIMES, time, () -> null);
        subscribe(elsewhere.get("a", holding(held)));
        time.advance(Duration.ofMillis(150));
        looks.set(0);

        lateLooks.set(1);
        subscribe(elsewhere.get("a", holding(held)))
                .assertCompleted()
                .assertItem(old(TTL.plus(Duration.ofMillis(150))));
        assertThat(looks).hasValue(2);
        lateLooks.set(2);
        subscribe(elsewhere.get("a", holding(held))).assertNotTerminated();
        assertThat(looks).as("not for ever").hasValue(4);
        assertThat(loads).hasValue(1);
    }

    // ---- many

    @Test
    void oneLoadOfManyKeysIsWaitedForOnce() {
        AtomicReference<UniEmitter<? super Map<String, String>>> batch = new AtomicReference<>();
        var many = subscribe(
                cache.getAll(List.of("a", "b"), keys -> Uni.createFrom().emitter(e -> batch.set(e))));
        var one = subscribe(cache.get("b", loading("never")));
        assertThat(time.pending()).isEqualTo(1);
        time.advance(WAIT);

        many.assertCompleted();
        assertThat(many.getItem().failure()).isNull();
        assertThat(many.getItem().found()).isEqualTo(Map.of("a", old(TTL.plus(WAIT)), "b", old(TTL.plus(WAIT))));
        one.assertCompleted().assertItem(old(TTL.plus(WAIT)));

        requireNonNull(batch.get()).complete(Map.of("a", "2", "b", "2"));
        assertThat(all(List.of("a", "b"), keys -> fail()).found())
                .isEqualTo(Map.of(
                        "a", new Cached<>("2", Duration.ZERO, Origin.FRESH),
                        "b", new Cached<>("2", Duration.ZERO, Origin.FRESH)));
    }

    @Test
    void aKeyWithoutACopyIsWaitedForAndThenTheOthersAreFreshToo() {
        AtomicReference<UniEmitter<? super Map<String, String>>> batch = new AtomicReference<>();
        var many = subscribe(
                cache.getAll(List.of("a", "c", "b"), keys -> Uni.createFrom().emitter(e -> batch.set(e))));
        time.advance(WAIT.multipliedBy(3));
        many.assertNotTerminated();

        requireNonNull(batch.get()).complete(Map.of("a", "2", "b", "2", "c", "2"));

        assertThat(many.assertCompleted().getItem().found())
                .isEqualTo(Map.of("a", Cached.loaded("2"), "c", Cached.loaded("2"), "b", Cached.loaded("2")));
        assertThat(counters.stale.sum()).isZero();
    }

    @Test
    void aKeyWithoutACopyIsNotHeldUpByAnothersLoad() {
        subscribe(cache.get("a", holding(held)));
        AtomicReference<UniEmitter<? super Map<String, String>>> batch = new AtomicReference<>();
        var many = subscribe(
                cache.getAll(List.of("a", "c"), keys -> Uni.createFrom().emitter(e -> batch.set(e))));
        time.advance(WAIT);
        many.assertNotTerminated();

        requireNonNull(batch.get()).complete(Map.of("c", "2"));

        assertThat(many.assertCompleted().getItem().found())
                .isEqualTo(Map.of("a", old(TTL.plus(WAIT)), "c", Cached.loaded("2")));
    }

    @Test
    void theKeysThatABatchDidNotGetAreNotAskedForAgainWithinASecond() {
        all(List.of("a", "b"), keys -> Uni.createFrom()
                .failure(new PartialLoadException(Map.of("a", "2"), Set.of("b"), down)));

        var again = all(List.of("a", "b"), keys -> fail());

        assertThat(again.failure()).isNull();
        assertThat(again.found()).isEqualTo(Map.of("a", new Cached<>("2", Duration.ZERO, Origin.FRESH), "b", old(TTL)));
    }

    // ---- races

    @Test
    void whoeverRacesForAFailingKeyLoadsItOnce() throws Exception {
        int threads = 16;
        int rounds = 200;
        CyclicBarrier barrier = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < rounds; round++) {
                String key = "race-" + round;
                get(key, () -> Uni.createFrom().item("1"));
                time.advance(TTL);
                List<Future<Cached<String>>> all = IntStream.range(0, threads)
                        .mapToObj(i -> pool.submit(() -> {
                            barrier.await();
                            return get(key, failing(down));
                        }))
                        .toList();
                for (Future<Cached<String>> each : all) {
                    assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(old(TTL));
                }
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(loads).hasValue(rounds);
    }

    @Test
    void theEndOfTheWaitRacesWithTheValueAndEachCallerGetsOne() throws Exception {
        ExecutorService timers = Executors.newSingleThreadExecutor();
        ExecutorService loading = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 500; round++) {
                held.clear();
                List<CompletableFuture<Cached<String>>> callers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    callers.add(cache.get("a", holding(held)).subscribeAsCompletionStage());
                }
                CyclicBarrier barrier = new CyclicBarrier(2);
                Future<?> late = timers.submit(() -> {
                    barrier.await();
                    time.advance(WAIT);
                    return null;
                });
                Future<?> lands = loading.submit(() -> {
                    barrier.await();
                    held.getFirst().complete("2");
                    return null;
                });
                late.get(10, TimeUnit.SECONDS);
                lands.get(10, TimeUnit.SECONDS);
                for (CompletableFuture<Cached<String>> caller : callers) {
                    assertThat(caller.get(10, TimeUnit.SECONDS).origin()).isIn(Origin.STALE, Origin.LOADED);
                }
                assertThat(get("a", loading("never")).value()).isEqualTo("2");
                time.advance(TTL);
            }
        } finally {
            timers.shutdownNow();
            loading.shutdownNow();
        }
        assertThat(loads).hasValue(500);
    }

    // ---- contexts

    @Test
    void theLoadRunsOnTheCallersLoopButNotInItsRequest() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Context request = ((VertxInternal) vertx).createEventLoopContext();
            CompletableFuture<@Nullable Context> loadedOn = new CompletableFuture<>();
            CompletableFuture<Thread> loadedBy = new CompletableFuture<>();
            CompletableFuture<@Nullable Context> answeredOn = new CompletableFuture<>();
            CompletableFuture<Thread> askedBy = new CompletableFuture<>();
            request.runOnContext(v -> {
                askedBy.complete(Thread.currentThread());
                cache.get("a", () -> {
                            loadedOn.complete(Vertx.currentContext());
                            loadedBy.complete(Thread.currentThread());
                            return Uni.createFrom().nothing();
                        })
                        .subscribe()
                        .with(item -> answeredOn.complete(Vertx.currentContext()));
            });
            loadedOn.get(5, TimeUnit.SECONDS);
            await().until(() -> time.pending() == 1);
            time.advance(WAIT);

            assertThat(answeredOn.get(5, TimeUnit.SECONDS)).isSameAs(request);
            assertThat(loadedOn.get()).isNotNull().isNotSameAs(request);
            assertThat(loadedBy.get()).isSameAs(askedBy.get());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
    }

    // ---- helpers

    private static Cached<String> old(Duration age) {
        return new Cached<>("1", age, Origin.STALE);
    }
}

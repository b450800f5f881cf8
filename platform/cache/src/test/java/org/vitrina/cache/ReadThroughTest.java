package org.vitrina.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrina.cache.Cache.Many;
import org.vitrina.cache.Cached.Origin;

/** The rules, over copies in memory and a clock that stands still unless told. */
@Timeout(30)
class ReadThroughTest {
    private static final Duration TTL = Duration.ofSeconds(5);
    private static final Duration MAX_STALE = Duration.ofSeconds(30);
    private final IllegalStateException down = new IllegalStateException("down");

    private final VirtualTime time = new VirtualTime();
    private final CacheCounters counters = new CacheCounters();
    private final AtomicInteger loads = new AtomicInteger();
    private double random = 0;

    private final CacheSpec<String> spec = CacheSpec.named("things", Texts.CODEC)
            .withTtl(TTL)
            .withMaxStale(MAX_STALE)
            .withNegativeTtl(Duration.ofSeconds(1))
            .withTtlJitter(0.1)
            .withRefreshAhead(0.2);
    private final ReadThrough<String> cache = cache(Duration.ofSeconds(5));

    private ReadThrough<String> cache(Duration loadLimit) {
        return new ReadThrough<>(
                spec, new MemoryStore<>(spec, 1000, 1 << 20, time, counters), counters, () -> random, loadLimit);
    }

    // ---- freshness

    @Test
    void loadsOnceAndServesTheCopyUntilItsTtlEnds() {
        assertThat(get("a", loading("1"))).isEqualTo(new Cached<>("1", Duration.ZERO, Origin.LOADED));

        time.advance(TTL.minusMillis(1));
        assertThat(get("a", loading("2"))).isEqualTo(new Cached<>("1", TTL.minusMillis(1), Origin.FRESH));
        // that hit was late in the TTL and refreshed
        assertThat(loads).hasValue(2);
        assertThat(get("a", loading("3"))).isEqualTo(new Cached<>("2", Duration.ZERO, Origin.FRESH));

        time.advance(TTL);
        assertThat(get("a", loading("4"))).isEqualTo(new Cached<>("4", Duration.ZERO, Origin.LOADED));
        assertThat(loads).hasValue(3);
    }

    @Test
    void shortensTheTtlByAtMostItsJitter() {
        random = Math.nextDown(1.0);
        get("a", loading("1"));

        time.advance(Duration.ofMillis(4_500));
        assertThat(cachedOnly("a").origin()).isEqualTo(Origin.FRESH);
        time.advance(Duration.ofMillis(1));
        assertThat(cachedOnly("a").origin()).isEqualTo(Origin.STALE);
    }

    @Test
    void givesKeysOfOneBatchOneTtlSoThatTheyStayOneBatch() {
        AtomicInteger draws = new AtomicInteger();
        MemoryStore<String> store = new MemoryStore<>(spec, 1000, 1 << 20, time, counters);
        var jittering = new ReadThrough<>(spec, store, counters, () -> draws.incrementAndGet() * 0.3, TTL);
        jittering.getAll(List.of("a", "b", "c"), this::echo).await().indefinitely();

        assertThat(draws).hasValue(1);
    }

    @Test
    void refreshesOnceInTheLastShareOfTheTtlAndServesTheCopyMeanwhile() {
        get("a", loading("1"));
        List<UniEmitter<? super String>> held = new ArrayList<>();

        time.advance(Duration.ofSeconds(4));
        assertThat(get("a", holding(held)).origin()).isEqualTo(Origin.FRESH);
        assertThat(held).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(get("a", holding(held)).value()).isEqualTo("1");
        assertThat(get("a", holding(held)).value()).isEqualTo("1");
        assertThat(held).hasSize(1);

        held.getFirst().complete("2");
        assertThat(get("a", holding(held))).isEqualTo(new Cached<>("2", Duration.ZERO, Origin.FRESH));
        assertThat(held).hasSize(1);
        assertThat(counters.refreshes.sum()).isEqualTo(1);
    }

    @Test
    void keepsTheCopyWhenARefreshFails() {
        get("a", loading("1"));
        time.advance(Duration.ofMillis(4_500));

        assertThat(get("a", failing(down)).value()).isEqualTo("1");
        assertThat(get("a", loading("2")).value()).isEqualTo("1");
        assertThat(get("a", loading("3")).value()).isEqualTo("2");
    }

    // ---- failures

    @Test
    void servesAStaleCopyWhenTheLoaderFailsWhileItIsYoungerThanMaxStale() {
        get("a", loading("1"));
        time.advance(MAX_STALE.minusMillis(1));

        assertThat(get("a", failing(down))).isEqualTo(new Cached<>("1", MAX_STALE.minusMillis(1), Origin.STALE));
        assertThat(cachedOnly("a").origin()).isEqualTo(Origin.STALE);
        time.advance(Duration.ofMillis(1));
        assertThatThrownBy(() -> get("a", failing(down))).isSameAs(down);
        assertThat(cache.stale("a").await().indefinitely()).isNull();
        assertThat(counters.loadFailures.sum()).isEqualTo(2);
    }

    @Test
    void takesALoaderThatThrowsForOneThatFails() {
        assertThatThrownBy(() -> get("a", () -> {
                    throw down;
                }))
                .isSameAs(down);
    }

    @Test
    void loadsAgainAfterAFailure() {
        assertThatThrownBy(() -> get("a", failing(down))).isSameAs(down);
        assertThat(get("a", loading("1")).value()).isEqualTo("1");
    }

    @Test
    void doesNotRememberAbsentKeysBeyondTheNegativeTtl() {
        Supplier<Uni<String>> nothing = () -> {
            loads.incrementAndGet();
            return Uni.createFrom().nullItem();
        };
        assertThat(cache.get("a", nothing).await().indefinitely()).isNull();
        time.advance(Duration.ofMillis(999));
        assertThat(cache.get("a", nothing).await().indefinitely()).isNull();
        assertThat(loads).hasValue(1);
        assertThat(counters.negative.sum()).isEqualTo(1);
        time.advance(Duration.ofMillis(1));
        assertThat(get("a", loading("1")).value()).isEqualTo("1");
        assertThat(loads).hasValue(2);
    }

    // ---- many

    @Test
    void loadsTheMissingKeysOfManyAtOnceAndInOrder() {
        get("b", loading("b"));
        List<List<String>> asked = new ArrayList<>();
        Many<String> many = all(List.of("c", "b", "a", "c"), keys -> {
            asked.add(keys);
            return Uni.createFrom().item(Map.of("a", "A"));
        });

        assertThat(asked).containsExactly(List.of("c", "a"));
        assertThat(many.failure()).isNull();
        assertThat(new ArrayList<>(many.found().entrySet()))
                .containsExactly(
                        Map.entry("b", new Cached<>("b", Duration.ZERO, Origin.FRESH)),
                        Map.entry("a", new Cached<>("A", Duration.ZERO, Origin.LOADED)));
        // "c" is known not to exist
        assertThat(all(List.of("c", "b", "a"), keys -> fail()).found()).containsOnlyKeys("b", "a");
    }

    @Test
    void asksNothingForNoKeys() {
        assertThat(all(List.of(), keys -> fail())).isEqualTo(new Many<>(Map.of(), null));
        assertThat(cache.staleAll(List.of()).await().indefinitely()).isEmpty();
    }

    @Test
    void fillsUpWithStaleCopiesWhenManyFail() {
        all(List.of("a", "b"), this::echo);
        time.advance(TTL);
        Many<String> many = all(List.of("a", "b", "c"), keys -> Uni.createFrom().failure(down));

        assertThat(many.failure()).isSameAs(down);
        assertThat(many.found())
                .isEqualTo(Map.of(
                        "a", new Cached<>("a", TTL, Origin.STALE),
                        "b", new Cached<>("b", TTL, Origin.STALE)));
        assertThat(counters.stale.sum()).isEqualTo(2);
    }

    @Test
    void keepsWhatAPartialAnswerHasAndOnlyThat() {
        all(List.of("a", "b"), this::echo);
        time.advance(TTL);
        Many<String> many = all(List.of("a", "b", "c", "d", "e"), keys -> Uni.createFrom()
                .failure(new PartialLoadException(Map.of("a", "A", "c", "C"), Set.of("b", "d"), down)));

        assertThat(many.failure()).isSameAs(down);
        assertThat(many.found())
                .isEqualTo(Map.of(
                        "a", Cached.loaded("A"),
                        "b", new Cached<>("b", TTL, Origin.STALE),
                        "c", Cached.loaded("C")));
        List<String> asked = new ArrayList<>();
        all(List.of("a", "b", "c", "d", "e"), keys -> {
            asked.addAll(keys);
            return echo(keys);
        });
        assertThat(asked).containsExactly("b", "d");
    }

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
        ReadThrough<String> impatient = cache(Duration.ofMillis(1));
        Uni<String> never = Uni.createFrom().nothing();
        var hung = subscribe(impatient.get("a", () -> never));
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            var other = subscribe(impatient.get("a", loading("1")));
            return other.getItem() != null;
        });
        hung.assertNotTerminated();
    }

    // ---- invalidation

    @Test
    void doesNotKeepWhatWasLoadingWhenItsKeyWasInvalidated() {
        List<UniEmitter<? super String>> held = new ArrayList<>();
        var caller = subscribe(cache.get("a", holding(held)));
        cache.invalidate("a").await().indefinitely();
        var later = subscribe(cache.get("a", holding(held)));
        held.get(0).complete("old");

        caller.awaitItem().assertItem(Cached.loaded("old"));
        assertThat(cache.stale("a").await().indefinitely()).isNull();
        held.get(1).complete("new");
        later.awaitItem().assertItem(Cached.loaded("new"));
        assertThat(cachedOnly("a").value()).isEqualTo("new");
    }

    @Test
    void forgetsAnInvalidatedCopy() {
        get("a", loading("1"));
        cache.invalidate("a").await().indefinitely();
        assertThat(get("a", loading("2")).value()).isEqualTo("2");
    }

    @Test
    void loadsEachTimeWhenTheCodecFails() {
        CacheSpec<String> broken = CacheSpec.named(
                "broken",
                Codec.of(
                        text -> {
                            throw down;
                        },
                        bytes -> ""));
        var own =
                new ReadThrough<>(broken, new MemoryStore<>(broken, 10, 1000, time, counters), counters, () -> 0, TTL);
        assertThat(own.get("a", loading("1")).await().indefinitely().value()).isEqualTo("1");
        assertThat(own.get("a", loading("2")).await().indefinitely().value()).isEqualTo("2");
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

    // ---- helpers

    private Cached<String> get(String key, Supplier<Uni<String>> loader) {
        return cache.get(key, loader).await().atMost(Duration.ofSeconds(5));
    }

    private Many<String> all(List<String> keys, Function<List<String>, Uni<Map<String, String>>> loader) {
        return cache.getAll(keys, loader).await().atMost(Duration.ofSeconds(5));
    }

    private Cached<String> cachedOnly(String key) {
        return cache.stale(key).await().atMost(Duration.ofSeconds(5));
    }

    private Supplier<Uni<String>> loading(String value) {
        return () -> {
            loads.incrementAndGet();
            return Uni.createFrom().item(value);
        };
    }

    private Supplier<Uni<String>> failing(Throwable failure) {
        return () -> Uni.createFrom().failure(failure);
    }

    private Supplier<Uni<String>> holding(List<UniEmitter<? super String>> held) {
        return () -> {
            loads.incrementAndGet();
            return Uni.createFrom().emitter(emitter -> held.add(emitter));
        };
    }

    private Uni<Map<String, String>> echo(List<String> keys) {
        Map<String, String> answer = new LinkedHashMap<>();
        keys.forEach(key -> answer.put(key, key));
        return Uni.createFrom().item(Collections.unmodifiableMap(answer));
    }

    private static Uni<Map<String, String>> fail() {
        throw new AssertionError("nothing was to be loaded");
    }

    private static <T> UniAssertSubscriber<T> subscribe(Uni<T> uni) {
        return uni.subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}

package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrina.cache.Cache.Many;
import org.vitrina.cache.Cached.Origin;

/** The rules, over copies in memory and a clock that stands still unless told. */
@Timeout(30)
class ReadThroughTest extends ReadThroughSuite {
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
        var jittering =
                new ReadThrough<>(spec, store, counters, () -> draws.incrementAndGet() * 0.3, TIMES, time, () -> null);
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
        time.advance(Duration.ofMillis(400));
        assertThat(get("a", failing(down)).origin()).isEqualTo(Origin.FRESH);
        assertThat(loads).as("not so soon again").hasValue(2);
        // the rest of the TTL, and of the second after the failure
        time.advance(Duration.ofMillis(600));
        assertThat(get("a", loading("2"))).isEqualTo(new Cached<>("2", Duration.ZERO, Origin.LOADED));
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
        assertThat(asked).as("b rests behind its copy").containsExactly("d");
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
        var own = new ReadThrough<>(
                broken,
                new MemoryStore<>(broken, 10, 1000, time, counters),
                counters,
                () -> 0,
                TIMES,
                time,
                () -> null);
        assertThat(own.get("a", loading("1")).await().indefinitely().value()).isEqualTo("1");
        assertThat(own.get("a", loading("2")).await().indefinitely().value()).isEqualTo("2");
    }

    private Cached<String> cachedOnly(String key) {
        return cache.stale(key).await().atMost(Duration.ofSeconds(5));
    }

    private Uni<Map<String, String>> echo(List<String> keys) {
        Map<String, String> answer = new LinkedHashMap<>();
        keys.forEach(key -> answer.put(key, key));
        return Uni.createFrom().item(Collections.unmodifiableMap(answer));
    }
}

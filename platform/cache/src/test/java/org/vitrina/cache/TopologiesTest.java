package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrina.cache.CacheConfig.Topology;
import org.vitrina.cache.Cached.Origin;
import org.vitrina.testing.proxy.Fault;

/** What every topology promises, each on real servers: the same answers, and no call that fails for a fault of theirs. */
@Timeout(120)
class TopologiesTest extends TopologySuite {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OFF")
    void readsThroughSharesLoadsAndKeepsReleasesApart(Topology topology) throws Exception {
        TopologyServers servers = servers(topology);
        Caches caches = process(servers);
        Cache<String> cache = caches.create(spec);
        awaitUse(cache, "warm");

        // one load for all callers of the process
        loads.set(0);
        long missesBefore = caches.status().caches().get(0).misses();
        ConcurrentLinkedQueue<UniEmitter<? super String>> held = new ConcurrentLinkedQueue<>();
        Supplier<Uni<String>> hanging = () -> {
            loads.incrementAndGet();
            return Uni.createFrom().emitter(e -> held.add(e));
        };
        List<CompletableFuture<Cached<String>>> all = new ArrayList<>();
        for (int loop = 0; loop < LOOPS; loop++) {
            Context context = loop();
            for (int i = 0; i < 10; i++) {
                all.add(onLoop(context, () -> cache.get("a", hanging)));
            }
        }
        // all have looked and, a turn of their loop later, joined
        await().atMost(SOON).until(() -> caches.status().caches().get(0).misses() - missesBefore >= 2 * 10);
        for (int loop = 0; loop < LOOPS; loop++) {
            onLoop(loop(), () -> Uni.createFrom().item("turn")).get(30, TimeUnit.SECONDS);
        }
        held.forEach(one -> one.complete("1"));
        for (CompletableFuture<Cached<String>> each : all) {
            assertThat(each.get(30, TimeUnit.SECONDS).value()).isEqualTo("1");
        }
        assertThat(loads).hasValue(1);

        // what does not exist is remembered
        Supplier<Uni<String>> nothing = () -> {
            loads.incrementAndGet();
            return Uni.createFrom().nullItem();
        };
        await().atMost(SOON).until(() -> {
            loads.set(0);
            return cache.get("none", nothing).await().atMost(AT_MOST) == null && loads.get() == 0;
        });

        // many keys, some awkward, in their order
        List<String> keys =
                new ArrayList<>(IntStream.range(0, 50).mapToObj(i -> "k" + i).toList());
        keys.addAll(List.of("with blank", "line\r\nend", "Ж", "x".repeat(300), "../../etc"));
        assertThat(all(cache, keys).found().keySet()).containsExactlyElementsOf(keys);
        await().atMost(SOON).until(() -> {
            all(cache, keys);
            return cache.staleAll(keys).await().atMost(AT_MOST).size() == keys.size();
        });
        assertThat(new ArrayList<>(all(cache, keys).found().values()))
                .extracting(Cached::value)
                .containsExactlyElementsOf(keys);

        // another release of the schema never reads these
        Cache<String> next = process(servers).create(spec.withSchemaVersion(2));
        awaitUse(next, "warm");
        assertThat(get(next, "a", "of version 2").value()).isEqualTo("of version 2");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OFF")
    void aCopyBeyondItsLifeStandsInForALoadThatFails(Topology topology) {
        Cache<String> cache = process(servers(topology)).create(spec.withTtl(Duration.ofMillis(1)));
        awaitUse(cache, "a");
        await().atMost(SOON).until(() -> {
            Cached<String> copy = cache.get("a", () -> Uni.createFrom().failure(new IllegalStateException("down")))
                    .onFailure()
                    .recoverWithNull()
                    .await()
                    .atMost(AT_MOST);
            return copy != null && copy.origin() == Origin.STALE;
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OFF")
    void forgetsWhatIsInvalidated(Topology topology) {
        TopologyServers servers = servers(topology);
        Cache<String> one = process(servers).create(spec);
        awaitUse(one, "a");
        // again: it is lost where the server is by-passed, as it may be on a busy machine
        await().atMost(SOON).until(() -> {
            one.invalidate("a").await().atMost(AT_MOST);
            return !isKept(one, "a");
        });
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"OFF", "MEMORY", "REPLICATED"})
    void aNewProcessFindsWhatTheOneBeforeHasKept(Topology topology) {
        TopologyServers servers = servers(topology);
        Caches before = process(servers);
        awaitUse(before.create(spec), "a");
        before.stop();

        Cache<String> after = process(servers).create(spec);

        await().atMost(SOON).until(() -> isKept(after, "a"));
        assertThat(after.stale("a").await().atMost(AT_MOST))
                .satisfiesAnyOf(
                        // a look-up that was late on a busy machine
                        copy -> assertThat(copy).isNull(),
                        copy -> assertThat(copy.value()).isEqualTo("a"));
    }

    @ParameterizedTest
    @EnumSource
    void answersEveryCallWhateverBecomesOfItsServers(Topology topology) {
        TopologyServers servers = servers(topology);
        Cache<String> cache = process(servers).create(spec);
        assertAnswersAll(cache);

        servers.kill();
        assertAnswersAll(cache);
        servers.restart();
        assertRecovers(servers, cache, "killed");

        if (servers.isRemote()) {
            servers.freeze();
            assertAnswersAll(cache);
            servers.thaw();
            assertRecovers(servers, cache, "frozen");
        }
        for (Fault fault : List.of(
                Fault.GARBAGE,
                Fault.TRUNCATED,
                Fault.RESET,
                Fault.HANGS,
                Fault.late(Duration.ofMillis(200)),
                Fault.redisOutOfMemory(),
                Fault.redisLoading())) {
            if (!servers.isRemote() || (topology == Topology.MEMCACHED && fault instanceof Fault.RedisError)) {
                break;
            }
            servers.inject(fault);
            assertAnswersAll(cache);
            servers.heal();
            assertRecovers(servers, cache, fault.toString());
        }
    }

    private void assertAnswersAll(Cache<String> cache) {
        for (int i = 0; i < 20; i++) {
            String key = "key-" + i % 10;
            assertThat(get(cache, key, key).value()).isEqualTo(key);
        }
        List<String> keys = IntStream.range(0, 20).mapToObj(i -> "key-" + i).toList();
        assertThat(all(cache, keys).found().keySet()).containsExactlyElementsOf(keys);
    }

    private void assertRecovers(TopologyServers servers, Cache<String> cache, String after) {
        if (servers.topology() != Topology.OFF) {
            awaitUse(cache, "after " + after);
        }
    }
}

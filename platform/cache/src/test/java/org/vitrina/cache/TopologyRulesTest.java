package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrina.cache.CacheConfig.Topology;
import org.vitrina.cache.Cached.Origin;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.proxy.FaultProxy;

/** The rules of a copy's life in every topology, and what several pods see of each other. */
@Timeout(120)
class TopologyRulesTest extends TopologySuite {
    private static final int PODS = 3;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OFF")
    void aCopyLivesForItsTimeIsRenewedAheadAndGoesWhenItIsOfNoUse(Topology topology) {
        TopologyServers servers = servers(topology);
        Caches caches = process(servers);
        Cache<String> early = caches.create(spec.withRefreshAhead(0.998));
        awaitUse(early, "a");
        // the copy answers, and a load that nobody waits for brings the next one
        await().atMost(SOON).until(() -> {
            Cached<String> answer = get(early, "a", "renewed");
            assertThat(answer.value()).isIn("a", "renewed");
            return answer.origin() == Origin.FRESH && answer.value().equals("renewed");
        });

        Cache<String> brief = caches.create(CacheSpec.named(spec.name() + "-brief", Texts.CODEC)
                .withTtl(Duration.ofMillis(150))
                .withMaxStale(Duration.ofMillis(150)));
        awaitUse(brief, "a");
        await().atMost(SOON).until(() -> !isKept(brief, "a"));
        await().atMost(SOON).until(() -> {
            get(brief, "b", "1");
            return get(brief, "b", "1").origin() == Origin.FRESH;
        });
        await().atMost(SOON).until(() -> get(brief, "b", "2").value().equals("2"));

        if (servers.isRemote() && topology != Topology.REPLICATED) {
            Cache<String> stranger =
                    process(servers, "vitrina.cache.key-prefix", "else").create(spec);
            awaitUse(stranger, "warm");
            assertThat(get(stranger, "a", "own").value()).isEqualTo("own");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OFF")
    void asksEachServerOnceForAPageAndKeepsNoMoreThanItMay(Topology topology) {
        TopologyServers servers = servers(topology);
        Cache<String> cache = process(
                        servers, "vitrina.cache.memory.max-bytes", "2M", "vitrina.cache.file.max-bytes", "2M")
                .create(spec);
        List<String> page = IntStream.range(0, 100).mapToObj(i -> "p" + i).toList();
        await().atMost(SOON).until(() -> {
            all(cache, page);
            int before = servers.requests();
            int found = cache.staleAll(page).await().atMost(AT_MOST).size();
            int asked = servers.requests() - before;
            // an ear for invalidations asks now and then whether it still hears
            return found == page.size() && (topology == Topology.REPLICATED || asked == serversOfAPage(topology));
        });

        // eight, twice eight or three times eight megabytes in what holds that much or less
        List<String> keys = IntStream.range(0, 1_500).mapToObj(i -> "k" + i).toList();
        String large = "x".repeat(20_000);
        for (String key : keys) {
            assertThat(get(cache, key, large).value()).isEqualTo(large);
        }
        await().atMost(SOON).until(() -> {
            int kept = 0;
            for (int i = 0; i < keys.size(); i += 50) {
                kept += cache.staleAll(keys.subList(i, i + 50))
                        .await()
                        .atMost(AT_MOST)
                        .size();
            }
            return kept > 0 && kept < keys.size();
        });
    }

    private static int serversOfAPage(Topology topology) {
        return switch (topology) {
            case OFF, MEMORY, REPLICATED, FILE -> 0;
            case SIDECAR, SIDECAR_REPLICA, DEDICATED, MEMCACHED -> 1;
            case DISTRIBUTED -> 3;
        };
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OFF")
    void aHerdAfterAColdStartLoadsAKeyOnceInEachPodAndAHotKeyNoMoreThanThat(Topology topology) throws Exception {
        TopologyServers servers = servers(topology, PODS);
        List<Cache<String>> pods = new ArrayList<>();
        for (int pod = 0; pod < PODS; pod++) {
            // a look-up that is late on a busy machine would be one more load
            Cache<String> cache =
                    process(pod, servers, "vitrina.cache.timeout", "5s").create(spec.withTtl(Duration.ofMillis(250)));
            awaitConnected(cache);
            pods.add(cache);
        }
        loads.set(0);
        List<CompletableFuture<Cached<String>>> herd = new ArrayList<>();
        Supplier<Uni<String>> slow = () -> {
            loads.incrementAndGet();
            return Uni.createFrom().item("1").onItem().delayIt().by(Duration.ofMillis(150));
        };
        for (Cache<String> pod : pods) {
            for (int loop = 0; loop < LOOPS; loop++) {
                var context = loop();
                for (int i = 0; i < 100; i++) {
                    herd.add(onLoop(context, () -> pod.get("hot", slow)));
                }
            }
        }
        for (CompletableFuture<Cached<String>> each : herd) {
            assertThat(each.get(30, TimeUnit.SECONDS).value()).isEqualTo("1");
        }
        assertThat(loads).hasValueBetween(1, PODS);

        // asked all the time, a key is loaded at most twice in its time to live by each pod: ahead of its end, or at it
        long begun = System.nanoTime();
        loads.set(0);
        int answers = 0;
        while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(500)) {
            for (Cache<String> pod : pods) {
                assertThat(get(pod, "hot", "1").value()).isEqualTo("1");
                answers++;
            }
        }
        double lives = (System.nanoTime() - begun) / 2.5e8 + 1;
        assertThat(answers).isGreaterThan(loads.get());
        assertThat((double) loads.get()).as("%d answers", answers).isLessThanOrEqualTo(2.5 * PODS * lives);
    }

    @ParameterizedTest
    @EnumSource(names = {"SIDECAR_REPLICA", "DEDICATED", "DISTRIBUTED", "REPLICATED", "MEMCACHED"})
    void anotherPodSeesAnInvalidationSoonAndAfterOneThatWasLostWithinATimeToLive(Topology topology) {
        TopologyServers servers = servers(topology);
        Cache<String> one = process(servers).create(spec);
        Cache<String> other = process(servers).create(spec);
        List<Long> took = new ArrayList<>();
        while (took.size() < 10) {
            awaitUse(one, "a");
            awaitUse(other, "a");
            one.invalidate("a").await().atMost(AT_MOST);
            long begun = System.nanoTime();
            while (isKept(other, "a") && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(2)) {
                Thread.onSpinWait();
            }
            took.add(System.nanoTime() - begun);
        }
        // the median: the machine may be busy
        assertThat(Duration.ofNanos(took.stream().sorted().toList().get(5))).isLessThan(Duration.ofMillis(200));

        // with the server away an invalidation is lost, and the copy that comes back with it lives out its time
        Duration ttl = Duration.ofSeconds(1);
        CacheSpec<String> brief = CacheSpec.named(spec.name() + "-brief", Texts.CODEC)
                .withTtl(ttl)
                .withMaxStale(Duration.ofMinutes(10));
        Cache<String> writer = process(servers).create(brief);
        Cache<String> reader = process(servers).create(brief);
        awaitUse(writer, "a");
        awaitUse(reader, "a");
        servers.freeze();
        writer.invalidate("a").await().atMost(AT_MOST);
        long written = System.nanoTime();
        servers.thaw();
        await().atMost(SOON).until(() -> get(reader, "a", "new").value().equals("new"));
        assertThat(Duration.ofNanos(System.nanoTime() - written)).isLessThan(ttl.plusSeconds(3));
    }

    @Test
    void whoHasMissedInvalidationsBelievesNoneOfItsCopiesFromBefore() {
        TopologyServers servers = servers(Topology.REPLICATED);
        CacheSpec<String> lasting = spec.withTtl(Duration.ofHours(1));
        Cache<String> writer = process(servers).create(lasting);
        Cache<String> reader = process(servers).create(lasting);
        awaitUse(reader, "a");
        // it hears
        await().atMost(SOON).until(() -> {
            writer.invalidate("a").await().atMost(AT_MOST);
            return !isKept(reader, "a");
        });
        awaitUse(reader, "a");

        servers.kill();
        writer.invalidate("a").await().atMost(AT_MOST);
        assertThat(get(reader, "a", "new").value()).isIn("a", "new");
        servers.restart();

        await().atMost(SOON).until(() -> get(reader, "a", "new").value().equals("new"));
    }

    @Test
    void readsThePrimaryWhileItsReplicaIsAwayAndTheReplicaWhileThePrimaryIs() {
        TopologyServers servers = servers(Topology.SIDECAR_REPLICA);
        CacheSpec<String> lasting = spec.withTtl(Duration.ofHours(1));
        Cache<String> cache = process(servers).create(lasting);
        awaitUse(cache, "a");
        TopologyServers.Part primary = servers.parts().get(0);
        TopologyServers.Part replica = servers.parts().get(1);

        replica.kill().run();
        await().atMost(SOON).until(() -> isKept(cache, "a"));
        // what is loaded meanwhile is found too
        awaitUse(cache, "b");
        replica.restart().run();
        await().atMost(SOON).until(() -> isKept(cache, "b"));

        primary.kill().run();
        assertThat(get(cache, "new", "1").value()).isEqualTo("1");
        await().atMost(SOON).until(() -> isKept(cache, "a"));
        primary.restart().run();
        awaitUse(cache, "after");
    }

    @Test
    void followsADedicatedServerThatFailsOver() {
        RedisServer first = open(RedisServer.start());
        RedisServer second = open(RedisServer.start());
        FaultProxy service = open(FaultProxy.redis(first.port()));
        Cache<String> cache = caches(
                        url(service), "vitrina.cache.topology", "dedicated", "vitrina.cache.bypass-for", "100ms")
                .create(spec);
        awaitUse(cache, "a");

        service.leadTo(second.port());
        first.kill();
        for (int i = 0; i < 100; i++) {
            assertThat(get(cache, "k" + i, "1").value()).isEqualTo("1");
        }

        awaitUse(cache, "b");
        assertThat(isKept(cache, "a")).isFalse();
    }
}

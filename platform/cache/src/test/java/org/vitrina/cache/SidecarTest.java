package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.cache.Cache.Many;
import org.vitrina.cache.Cached.Origin;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.TestCertificate;
import org.vitrina.testing.proxy.FaultProxy;
import org.vitrina.testing.proxy.TlsFront;

/**
 * The topology sidecar against a real Redis that is broken in every way we know. Counters are asserted rather than
 * milliseconds, and those with much room: the machine may be busy.
 */
@Timeout(60)
class SidecarTest extends SidecarSuite {
    // ---- what it does

    @Test
    void sharesCopiesBetweenProcessesAndKeepsThemApartByPrefixNameAndVersion() throws Exception {
        String url = RedisServer.shared().url();
        Cache<String> one = cache(url, spec);
        awaitConnected(one);
        assertThat(get(one, "a", "1").origin()).isEqualTo(Origin.LOADED);
        awaitKept(one, "a");
        assertThat(raw(RedisServer.shared().port(), "EXISTS vitrina:" + spec.name() + ":v1:a"))
                .isEqualTo(":1");

        Cache<String> other = cache(url, spec);
        awaitKept(other, "a");
        assertThat(get(other, "a", "2").value()).isEqualTo("1");
        assertThat(get(cache(url, spec.withSchemaVersion(2)), "a", "3").value()).isEqualTo("3");
        assertThat(get(cache(url, spec, "vitrina.cache.key-prefix", "else"), "a", "4")
                        .value())
                .isEqualTo("4");
    }

    @Test
    void asksRedisOnceForManyKeys() {
        FaultProxy proxy = proxy();
        Caches caches = caches(url(proxy));
        Cache<String> cache = caches.create(spec);
        List<String> keys = IntStream.range(0, 100).mapToObj(i -> "k" + i).toList();
        awaitConnected(cache);
        assertThat(all(cache, keys).found()).hasSize(100);
        await().atMost(AT_MOST)
                .until(() -> cache.staleAll(keys).await().atMost(AT_MOST).size() == 100);
        // writes have been answered, nothing is under way any more
        proxy.forget();
        loads.set(0);

        Many<String> many = all(cache, keys);

        assertThat(many.found().values()).extracting(Cached::origin).containsOnly(Origin.FRESH);
        assertThat(new ArrayList<>(many.found().keySet())).isEqualTo(keys);
        assertThat(many.found().values()).extracting(Cached::value).containsExactlyElementsOf(keys);
        assertThat(loads).hasValue(0);
        assertThat(proxy.requests()).isEqualTo(1);
        assertThat(proxy.openConnections()).isEqualTo(LOOPS);
    }

    @Test
    void remembersWhatDoesNotExistAndForgetsWhatIsInvalidated() {
        Cache<String> cache = cache(RedisServer.shared().url(), spec);
        awaitConnected(cache);
        Supplier<Uni<String>> nothing = () -> {
            loads.incrementAndGet();
            return Uni.createFrom().nullItem();
        };
        await().atMost(AT_MOST).until(() -> {
            loads.set(0);
            return cache.get("none", nothing).await().atMost(AT_MOST) == null && loads.get() == 0;
        });

        get(cache, "b", "1");
        awaitKept(cache, "b");
        cache.invalidate("b").await().atMost(AT_MOST);
        await().atMost(AT_MOST).until(() -> cache.stale("b").await().atMost(AT_MOST) == null);
    }

    @Test
    void servesAStaleCopyFoundByTheSameLookUp() {
        Cache<String> cache = cache(RedisServer.shared().url(), spec.withTtl(Duration.ofMillis(1)));
        await().atMost(AT_MOST).until(() -> {
            get(cache, "a", "1");
            return cache.stale("a").await().atMost(AT_MOST) != null;
        });
        await().atMost(AT_MOST)
                .until(() -> cache.stale("a").await().atMost(AT_MOST).origin() == Origin.STALE);

        Cached<String> stale = cache.get("a", () -> Uni.createFrom().failure(new IllegalStateException("down")))
                .await()
                .atMost(AT_MOST);

        assertThat(stale.value()).isEqualTo("1");
        assertThat(stale.origin()).isEqualTo(Origin.STALE);
        assertThat(stale.age()).isPositive();
    }

    @Test
    void answersWithTheCopyInRedisWhileTheLoaderHangs() throws Exception {
        // the look-up is to find it however late Redis is
        Cache<String> cache =
                cache(RedisServer.shared().url(), spec.withTtl(Duration.ofMillis(1)), "vitrina.cache.timeout", "10s");
        await().atMost(AT_MOST).until(() -> {
            get(cache, "a", "1");
            return cache.stale("a").await().atMost(AT_MOST) != null;
        });
        await().atMost(AT_MOST)
                .until(() -> cache.stale("a").await().atMost(AT_MOST).origin() == Origin.STALE);
        loads.set(0);
        CompletableFuture<UniEmitter<? super String>> held = new CompletableFuture<>();
        Supplier<Uni<String>> hanging = () -> {
            loads.incrementAndGet();
            return Uni.createFrom().emitter(e -> held.complete(e));
        };
        List<CompletableFuture<Cached<String>>> all = new ArrayList<>();
        for (int loop = 0; loop < LOOPS; loop++) {
            Context context = loop();
            for (int i = 0; i < 10; i++) {
                all.add(onLoop(context, () -> cache.get("a", hanging)));
            }
        }

        for (CompletableFuture<Cached<String>> each : all) {
            assertThat(each.get(AT_MOST.toMillis(), TimeUnit.MILLISECONDS).origin())
                    .isEqualTo(Origin.STALE);
        }

        assertThat(loads).hasValue(1);
        held.join().complete("2");
        await().atMost(AT_MOST)
                .until(() -> cache.stale("a").await().atMost(AT_MOST).value().equals("2"));
    }

    @Test
    void takesForeignValuesUnderItsKeysForMisses() throws Exception {
        Cache<String> cache = cache(RedisServer.shared().url(), spec);
        awaitConnected(cache);
        raw(RedisServer.shared().port(), "SET vitrina:" + spec.name() + ":v1:a rubbish");
        raw(RedisServer.shared().port(), "LPUSH vitrina:" + spec.name() + ":v1:b rubbish");

        assertThat(all(cache, List.of("a", "b")).found().values())
                .extracting(Cached::origin)
                .containsOnly(Origin.LOADED);
    }

    @Test
    void speaksThroughAUnixSocket(@TempDir Path folder) {
        Path socket = folder.resolve("r.sock");
        open(RedisServer.start("--unixsocket", socket.toString()));
        Cache<String> cache = cache("unix://" + socket, spec);
        get(cache, "a", "1");
        awaitConnected(cache);
    }

    @Test
    void signsInAndSelectsItsDatabase() throws Exception {
        RedisServer redis = open(RedisServer.start("--user", "app", "on", ">secret", "~*", "&*", "+@all"));
        Cache<String> cache = cache("redis://app:secret@127.0.0.1:" + redis.port() + "/1", spec);
        awaitConnected(cache);

        assertThat(raw(redis.port(), "DBSIZE")).isEqualTo(":0");
    }

    @Test
    void speaksEncryptedWhereTheUrlSaysSo() throws Exception {
        RedisServer redis = open(RedisServer.start("--user", "app", "on", ">secret", "~*", "&*", "+@all"));
        TlsFront front = open(new TlsFront(redis.port()));
        String url = "rediss://app:secret@localhost:" + front.port();
        String authority = TestCertificate.certificate().toString();

        Cache<String> cache = cache(url, spec, "vitrina.cache.redis.ca-file", authority);
        awaitConnected(cache);

        get(cache, "a", "1");
        await().untilAsserted(() -> assertThat(raw(redis.port(), "EXISTS vitrina:" + spec.name() + ":v1:a"))
                .isEqualTo(":1"));
        assertThat(front.connections()).isPositive();
    }

    @Test
    void doesNotUseARedisThatItDoesNotTrust() {
        TlsFront front = open(new TlsFront(RedisServer.shared().port()));
        Cache<String> unknown = cache("rediss://localhost:" + front.port(), spec);
        Cache<String> misnamed = cache(
                "rediss://127.0.0.2:" + front.port(),
                spec,
                "vitrina.cache.redis.ca-file",
                TestCertificate.certificate().toString());

        assertThat(get(unknown, "a", "1").value()).isEqualTo("1");
        assertThat(get(misnamed, "a", "1").value()).isEqualTo("1");
        assertThatThrownBy(() -> cache("rediss://localhost", spec, "vitrina.cache.redis.ca-file", "/no/such"))
                .hasMessageContaining("vitrina.cache.redis.ca-file is /no/such");
    }

    @Test
    void doesNotUseARedisThatRefusesItsPassword() {
        RedisServer redis = open(RedisServer.start("--user", "app", "on", ">secret", "~*", "&*", "+@all"));
        Caches caches = caches("redis://app:wrong@127.0.0.1:" + redis.port());
        Cache<String> cache = caches.create(spec);

        assertThat(get(cache, "a", "1").value()).isEqualTo("1");
        // the default user may do all in this server, so the look-up itself is answered: nothing is lost
        assertThat(caches.status().timeouts()).isZero();
    }

    @Test
    void carriesThousandsOfLookUpsAtOnce() {
        Caches caches = caches(RedisServer.shared().url());
        Cache<String> cache = caches.create(spec);
        awaitConnected(cache);
        List<CompletableFuture<Cached<String>>> all = new ArrayList<>();
        for (int loop = 0; loop < LOOPS; loop++) {
            Context context = loop();
            for (int i = 0; i < 2_000; i++) {
                String key = "k" + i;
                all.add(onLoop(context, () -> cache.get(key, loader(key))));
            }
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

        assertThat(all).allSatisfy(each -> assertThat(each.join().value()).startsWith("k"));
        assertThat(caches.status().bypasses()).isZero();
    }

    private static void awaitKept(Cache<String> cache, String key) {
        await().atMost(AT_MOST).until(() -> cache.stale(key).await().atMost(AT_MOST) != null);
    }

    private static String raw(int port, String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            StringBuilder line = new StringBuilder();
            for (int each = socket.getInputStream().read(); each != '\r' && each >= 0; ) {
                line.append((char) each);
                each = socket.getInputStream().read();
            }
            return line.toString();
        }
    }
}

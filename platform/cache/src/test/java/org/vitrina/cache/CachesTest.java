package org.vitrina.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachesTest {
    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void keepsInMemoryAndTellsHowItFares() {
        Caches caches = caches("memory");
        Cache<String> cache = caches.create(CacheSpec.named("things", Texts.CODEC));
        for (int i = 0; i < 3; i++) {
            cache.get("a", () -> Uni.createFrom().item("1")).await().indefinitely();
        }

        assertThat(caches.status())
                .isEqualTo(new CacheStatus(
                        "memory",
                        0,
                        0,
                        0,
                        0,
                        0,
                        false,
                        List.of(new CacheStatus.OneCache("things", 2, 0, 1, 0, 1, 0, 0, 0))));
        assertThat(registry.get("vitrina.cache.hits")
                        .tag("cache", "things")
                        .functionCounter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void keepsNothingWhenOff() {
        Caches caches = caches("off");
        assertThat(caches.create(CacheSpec.named("things", Texts.CODEC))).isInstanceOf(PassThrough.class);
        assertThat(caches.status().topology()).isEqualTo("off");
    }

    @Test
    void exportsTheBypassOfTheSidecar() {
        Caches caches = caches("sidecar");
        try {
            assertThat(registry.get("vitrina.cache.redis.bypasses")
                            .functionCounter()
                            .count())
                    .isIn(0.0, 1.0);
            assertThat(registry.get("vitrina.cache.redis.bypassed").gauge().value())
                    .isIn(0.0, 1.0);
            for (String counter : List.of("timeouts", "skipped", "errors", "dropped.writes")) {
                assertThat(registry.get("vitrina.cache.redis." + counter)
                                .functionCounter()
                                .count())
                        .isZero();
            }
        } finally {
            caches.stop();
        }
    }

    @Test
    void refusesASecondCacheOfOneName() {
        Caches caches = caches("memory");
        caches.create(CacheSpec.named("things", Texts.CODEC));
        assertThatThrownBy(() -> caches.create(CacheSpec.named("things", Texts.CODEC)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("there is a cache named things already");
    }

    @Test
    void refusesASpecificationThatMakesNoSense() {
        CacheSpec<String> spec = CacheSpec.named("things", Texts.CODEC);
        assertThatThrownBy(() -> CacheSpec.named("Bad name", Texts.CODEC)).hasMessageContaining("name must be");
        assertThatThrownBy(() -> spec.withTtlJitter(1))
                .hasMessage("cache things: ttlJitter must be in 0 (inclusive) .. 1 (exclusive)");
        assertThatThrownBy(() -> spec.withRefreshAhead(-0.1)).hasMessageContaining("refreshAhead must be");
        assertThatThrownBy(() -> spec.withTtl(java.time.Duration.ZERO))
                .hasMessage("cache things: ttl must be positive");
        assertThatThrownBy(() -> spec.withBounds(0, 1)).hasMessageContaining("must be positive");
    }

    private Caches caches(String topology) {
        Caches caches = new Caches(
                // nothing listens on the discard port
                Settings.of("vitrina.cache.topology", topology, "vitrina.cache.redis.url", "redis://127.0.0.1:9"),
                registry,
                vertx);
        caches.start(new StartupEvent());
        return caches;
    }
}

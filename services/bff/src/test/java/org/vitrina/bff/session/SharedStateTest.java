package org.vitrina.bff.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.bff.SessionConfig;
import org.vitrina.servers.FreePort;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.TestCertificate;
import org.vitrina.testing.proxy.TlsFront;

/** The Redis of the sessions where it is reached with TLS, or fails over. */
class SharedStateTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Vertx vertx = Vertx.vertx();
    private final TlsFront front = new TlsFront(RedisServer.shared().port());

    @AfterEach
    void close() throws Exception {
        front.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private SharedState at(String host) {
        return of("rediss://" + host + ":" + front.port());
    }

    private SharedState of(String url) {
        SessionConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SessionConfig.class)
                .withDefaultValues(Map.of(
                        "vitrina.session.redis-url",
                        url,
                        "vitrina.session.redis-ca-file",
                        TestCertificate.certificate().toString(),
                        "vitrina.session.redis-timeout",
                        "10s"))
                .build()
                .getConfigMapping(SessionConfig.class);
        return new SharedState(vertx, config);
    }

    private static boolean keeps(SharedState state, String key) throws Exception {
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        state.put(key, "1", Duration.ofMinutes(1), told::complete);
        return told.get(30, TimeUnit.SECONDS);
    }

    @Test
    void keepsWhatIsEndedInARedisThatItTrusts() throws Exception {
        SharedState state = at("localhost");

        assertThat(keeps(state, "ended")).isTrue();
        assertThat(state.isThere()).isTrue();
    }

    @Test
    void goesOnWithoutARedisOfAnotherName() throws Exception {
        SharedState state = at("127.0.0.2");

        assertThat(keeps(state, "ended")).isFalse();
        assertThat(state.isThere()).isFalse();
    }

    @Test
    void findsWhatWasKeptAtTheReplicaThatIsMadeThePrimary() throws Exception {
        try (RedisServer primary = RedisServer.start();
                RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1", Integer.toString(primary.port()));
                RedisServer sentinel = RedisServer.startSentinel("shop", primary)) {
            SharedState state =
                    of("redis-sentinel://127.0.0.1:%d,127.0.0.1:%d#shop".formatted(FreePort.find(), sentinel.port()));
            await().atMost(SOON).until(() -> keeps(state, "ended"));
            assertThat(primary.ask("WAIT 1 5000")).isEqualTo(":1");

            primary.kill();

            await().atMost(SOON).until(() -> {
                CompletableFuture<List<String>> found = new CompletableFuture<>();
                state.get(List.of("ended"), found::complete);
                return List.of("1").equals(found.get(30, TimeUnit.SECONDS));
            });
            await().atMost(SOON).until(() -> keeps(state, "later"));
            assertThat(replica.ask("EXISTS later")).isEqualTo(":1");
        }
    }
}

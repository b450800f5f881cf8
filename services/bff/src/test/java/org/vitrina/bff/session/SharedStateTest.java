package org.vitrina.bff.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.bff.SessionConfig;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.TestCertificate;
import org.vitrina.testing.proxy.TlsFront;

/** The Redis of the sessions where it is reached with TLS. */
class SharedStateTest {
    private final Vertx vertx = Vertx.vertx();
    private final TlsFront front = new TlsFront(RedisServer.shared().port());

    @AfterEach
    void close() throws Exception {
        front.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private SharedState at(String host) {
        SessionConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SessionConfig.class)
                .withDefaultValues(Map.of(
                        "vitrina.session.redis-url",
                        "rediss://" + host + ":" + front.port(),
                        "vitrina.session.redis-ca-file",
                        TestCertificate.certificate().toString(),
                        "vitrina.session.redis-timeout",
                        "10s"))
                .build()
                .getConfigMapping(SessionConfig.class);
        return new SharedState(vertx, config);
    }

    private static boolean has(SharedState state, String key) throws Exception {
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        state.has(key, told::complete);
        return told.get(30, TimeUnit.SECONDS);
    }

    @Test
    void keepsWhatIsEndedInARedisThatItTrusts() throws Exception {
        SharedState state = at("localhost");
        state.put("ended", Duration.ofMinutes(1));

        // by another connection, perhaps
        await().until(() -> has(state, "ended"));
        assertThat(state.isThere()).isTrue();
    }

    @Test
    void goesOnWithoutARedisOfAnotherName() throws Exception {
        SharedState state = at("127.0.0.2");

        assertThat(has(state, "ended")).isFalse();
        assertThat(state.isThere()).isFalse();
    }
}

package org.vitrina.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;
import org.vitrina.testing.identity.TestIssuer;

/** A service's own token: by the install's key, or of a provider. */
class ServiceTokensTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @AfterAll
    static void end() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static SmallRyeConfig config(String... keysAndValues) {
        Map<String, String> given =
                new HashMap<>(Map.of("quarkus.http.host", "127.0.0.1", "quarkus.management.host", "127.0.0.1"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            given.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withMapping(AuthConfig.class)
                .withMapping(IdentityConfig.class)
                .withSources(new PropertiesConfigSource(given, "given", 300))
                .build();
    }

    private static ServiceTokens tokens(SmallRyeConfig config) {
        ServiceTokens tokens = new ServiceTokens(
                VERTX,
                config.getConfigMapping(AuthConfig.class),
                config.getConfigMapping(IdentityConfig.class),
                "orders");
        tokens.start(new StartupEvent());
        return tokens;
    }

    @Test
    void hasNoneWhileNobodyIsAskedWhoTheyAre() {
        assertThat(tokens(config()).token()).isEmpty();
        assertThat(tokens(config()).authorization()).isNull();
    }

    @Test
    void signsItsOwnBeforeTheFirstCall() throws IOException {
        Path key = Files.writeString(folder.resolve("key.pem"), new TestIssuer().privatePem());
        SmallRyeConfig config = config("vitrina.auth", "demo", "vitrina.identity.signing-key", key.toString());
        String token = tokens(config).token().orElseThrow();

        IdentityConfig identity = config.getConfigMapping(IdentityConfig.class);
        Caller caller = new TokenVerifier(new VerificationKeys(VERTX, identity), identity)
                .verify(token)
                .await()
                .atMost(LONG);
        assertThat(caller.subject()).isEqualTo("orders");
        assertThat(caller.roles()).containsExactly(Roles.SERVICE);
    }

    @Test
    void isReplacedBesideAllCallsAndGoesOnWhileTheProviderIsAway() {
        AtomicInteger count = new AtomicInteger();
        try (FakeService provider = FakeService.answering(request ->
                Answer.json("{\"access_token\":\"token-" + count.incrementAndGet() + "\",\"expires_in\":4}"))) {
            ServiceTokens tokens = tokens(config(
                    "vitrina.auth", "oidc",
                    "vitrina.identity.issuer", "https://login.example.com",
                    "vitrina.identity.keys", provider.url() + "/keys",
                    "vitrina.identity.token-url", provider.url() + "/token",
                    "vitrina.identity.client-secret", "s3cret"));
            await().atMost(LONG).until(() -> tokens.token().isPresent());
            assertThat(provider.requests().getFirst().body()).isEqualTo("grant_type=client_credentials");
            assertThat(provider.requests().getFirst().header("Authorization")).isEqualTo("Basic b3JkZXJzOnMzY3JldA==");
            await().atMost(LONG).until(() -> count.get() > 1);

            provider.answer(Answer.status(503));
            await().atMost(LONG).until(() -> tokens.token().isEmpty());
            // an answer without an end is not read to it
            provider.answer(Answer.FLOODS);
            int asked = provider.count();
            await().atMost(LONG).until(() -> provider.count() > asked + 1);
            provider.answer(Answer.json("{\"access_token\":\"again\",\"expires_in\":60}"));
            await().atMost(LONG).until(() -> tokens.token().equals(java.util.Optional.of("again")));
        }
    }
}

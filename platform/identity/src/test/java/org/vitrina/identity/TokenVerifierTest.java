package org.vitrina.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.core.ProblemException;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;
import org.vitrina.testing.identity.TestIssuer;

/** What becomes of tokens and keys, with a real server of keys. */
class TokenVerifierTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final TestIssuer ISSUER = new TestIssuer();
    private static final TestIssuer NEXT = new TestIssuer("next");

    private final FakeService source = FakeService.answering(Answer.json(ISSUER.jwks()));

    @TempDir
    Path folder;

    @AfterAll
    static void end() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void close() {
        source.close();
    }

    private IdentityConfig config(String... keysAndValues) {
        Map<String, String> given =
                new HashMap<>(Map.of("vitrina.identity.keys", "http://127.0.0.1:" + source.port() + "/jwks.json"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            given.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withMapping(IdentityConfig.class)
                .withSources(new PropertiesConfigSource(given, "given", 300))
                .build()
                .getConfigMapping(IdentityConfig.class);
    }

    private TokenVerifier verifier(String... keysAndValues) {
        IdentityConfig config = config(keysAndValues);
        return new TokenVerifier(new VerificationKeys(VERTX, config), config);
    }

    private static Caller verify(TokenVerifier verifier, String token) {
        return verifier.verify(token).await().atMost(LONG);
    }

    private static void refuses(TokenVerifier verifier, String token, int status) {
        assertThatThrownBy(() -> verify(verifier, token))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.code().status()).isEqualTo(status));
    }

    @Test
    void tellsWhoseATokenIsAndWhatTheyMay() {
        TokenVerifier verifier = verifier();

        Caller user = verify(verifier, ISSUER.token("7"));
        assertThat(user.userId()).isEqualTo(7);
        assertThat(user.roles()).containsExactly(Roles.USER);
        assertThat(user.expires()).isAfter(Instant.now());

        Caller admin = verify(verifier, ISSUER.curveToken("8", "admin", "operator"));
        assertThat(admin.roles()).containsExactlyInAnyOrder(Roles.USER, Roles.ADMIN, Roles.OPERATOR);

        Caller orders = verify(verifier, ISSUER.token("orders", "service"));
        assertThat(orders.roles()).containsExactly(Roles.SERVICE);
        assertThat(orders.userId()).isZero();
    }

    @Test
    void tellsTheUserByAnotherClaimWhereTheIssuersSubjectsAreNoNumbers() {
        TokenVerifier verifier = verifier("vitrina.identity.user-claim", "shop_user");

        assertThat(verify(verifier, ISSUER.token(c -> c.setClaim("shop_user", 7), "e7b1"))
                        .userId())
                .isEqualTo(7);
        Caller admin = verify(verifier, ISSUER.token(c -> c.setClaim("shop_user", "8"), "e7b1", "admin"));
        assertThat(admin.userId()).isEqualTo(8);
        assertThat(admin.roles()).containsExactlyInAnyOrder(Roles.USER, Roles.ADMIN);
        assertThat(verify(verifier, ISSUER.token("e7b1", "service")).userId()).isZero();
        // a subject that looks like one of our users is the issuer's own matter
        refuses(verifier, ISSUER.token("9"), 401);
        assertThat(verify(verifier, ISSUER.token(c -> c.setClaim("shop_user", "e7b1"), "9"))
                        .userId())
                .isZero();
    }

    @Test
    void asksTheIssuerWhereItsKeysAre() {
        String issuer = source.url().toString();
        source.answer(request -> request.target().equals("/.well-known/openid-configuration")
                ? Answer.json(description(issuer))
                : request.target().equals("/keys") ? Answer.json(ISSUER.jwks()) : Answer.status(404));

        TokenVerifier verifier = verifier("vitrina.identity.keys", "", "vitrina.identity.issuer", issuer);

        assertThat(verify(verifier, ISSUER.token(c -> c.setIssuer(issuer), "7")).userId())
                .isEqualTo(7);
        refuses(verifier, ISSUER.token("7"), 401);
    }

    @Test
    void believesNoDescriptionOfAnotherIssuer() {
        String issuer = source.url().toString();
        for (Answer answer : List.of(
                Answer.json(description("https://elsewhere.example")),
                Answer.json("{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"file:/keys\"}"),
                Answer.json("<html>"),
                Answer.FLOODS)) {
            source.answer(request -> request.target().equals("/keys") ? Answer.json(ISSUER.jwks()) : answer);
            refuses(
                    verifier("vitrina.identity.keys", "", "vitrina.identity.issuer", issuer),
                    ISSUER.token(c -> c.setIssuer(issuer), "7"),
                    503);
        }
    }

    private String description(String issuer) {
        return "{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/a\",\"token_endpoint\":\"%s/t\",\"jwks_uri\":\"%s/keys\"}"
                .formatted(issuer, source.url(), source.url(), source.url());
    }

    @Test
    void acceptsNoBadToken() {
        TokenVerifier verifier = verifier();
        verify(verifier, ISSUER.token("7"));
        ISSUER.bad("7").forEach((what, token) -> assertThatThrownBy(() -> verify(verifier, token))
                .as(what)
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.code().status()).isEqualTo(401);
                    assertThat(problem.headers()).containsKey("WWW-Authenticate");
                    assertThat(problem.detail()).doesNotContain("elsewhere");
                }));
        refuses(verifier, "a".repeat(20_000), 401);
    }

    @Test
    void bearsClocksThatDifferByTheLeeway() {
        TokenVerifier verifier = verifier();
        long now = Instant.now().getEpochSecond();
        verify(verifier, ISSUER.token(c -> times(c, now - 100, now - 10), "7"));
        verify(verifier, ISSUER.token(c -> c.setNotBefore(NumericDate.fromSeconds(now + 10)), "7"));
        refuses(verifier, ISSUER.token(c -> times(c, now - 100, now - 45), "7"), 401);
    }

    private static void times(JwtClaims claims, long issued, long expires) {
        claims.setIssuedAt(NumericDate.fromSeconds(issued));
        claims.setNotBefore(NumericDate.fromSeconds(issued));
        claims.setExpirationTime(NumericDate.fromSeconds(expires));
    }

    @Test
    void verifiesATokenOnceAndNoLongerThanItIsValid() {
        TokenVerifier verifier = verifier("vitrina.identity.leeway", "0s");
        String brief = ISSUER.token(
                c -> c.setExpirationTime(NumericDate.fromSeconds(Instant.now().getEpochSecond() + 3)), "7");
        Caller first = verify(verifier, brief);
        assertThat(verify(verifier, brief)).isSameAs(first);
        await().atMost(LONG).untilAsserted(() -> refuses(verifier, brief, 401));
    }

    @Test
    void takesNewKeysWithoutARestartAndLosesNoRequest() {
        TokenVerifier verifier = verifier();
        String before = ISSUER.token("7");
        verify(verifier, before);
        await().pollDelay(Duration.ofMillis(1_100)).atMost(LONG).until(() -> true);

        source.answer(Answer.json(ISSUER.jwks(NEXT)));
        assertThat(verify(verifier, NEXT.token("8")).userId()).isEqualTo(8);
        assertThat(verify(verifier, before).userId()).isEqualTo(7);

        await().pollDelay(Duration.ofMillis(1_100)).atMost(LONG).until(() -> true);
        source.answer(Answer.json(NEXT.jwks()));
        refuses(verifier, new TestIssuer("third").token("9"), 401);
        refuses(verifier, before, 401);
        assertThat(verify(verifier, NEXT.token("8")).userId()).isEqualTo(8);
    }

    @Test
    void goesOnWithKnownKeysWhileTheirSourceIsAwayOrAnswersRubbish() {
        TokenVerifier verifier = verifier("vitrina.identity.keys-refresh", "100ms");
        verify(verifier, ISSUER.token("7"));
        for (Answer away : new Answer[] {
            Answer.RESETS,
            Answer.GARBAGE,
            Answer.status(503),
            Answer.json("{\"keys\":[]}"),
            Answer.json("{}"),
            Answer.truncated(ISSUER.jwks()),
            Answer.FLOODS
        }) {
            source.answer(away);
            int asked = source.requests().size();
            await().atMost(LONG).until(() -> {
                verify(verifier, ISSUER.token("7"));
                return source.requests().size() > asked;
            });
        }
        source.answer(Answer.json(ISSUER.jwks(NEXT)));
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> verify(verifier, NEXT.token("7")).userId() == 7);
    }

    @Test
    void waitsForNoSourceThatHangsOnceKeysAreKnown() {
        TokenVerifier verifier = verifier("vitrina.identity.keys-refresh", "100ms");
        verify(verifier, ISSUER.token("7"));
        CountDownLatch held = new CountDownLatch(1);
        source.answer(Answer.json(ISSUER.jwks()).when(held));
        int asked = source.requests().size();
        // each comes back while the source holds its answer
        await().atMost(LONG).until(() -> {
            verify(verifier, ISSUER.token("7"));
            return source.requests().size() > asked;
        });
        verify(verifier, ISSUER.token("7"));
        held.countDown();
    }

    @Test
    void asksForKeysOnceASecondAtMostHoweverManyOddTokensCome() {
        TokenVerifier verifier = verifier();
        verify(verifier, ISSUER.token("7"));
        String odd = new TestIssuer("odd").token("7");
        long start = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            refuses(verifier, odd, 401);
        }
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        assertThat(source.requests().size()).isLessThanOrEqualTo((int) seconds + 2);
    }

    @Test
    void saysThatItCannotVerifyBeforeItHasHadKeys() {
        source.answer(Answer.status(503));
        TokenVerifier verifier = verifier();
        refuses(verifier, ISSUER.token("7"), 503);
        source.answer(Answer.json(ISSUER.jwks()));
        assertThat(verify(verifier, ISSUER.token("7")).userId()).isEqualTo(7);
    }

    @Test
    void readsKeysOfAFileAsSetOrPem() throws IOException {
        Path set = Files.writeString(folder.resolve("jwks.json"), ISSUER.jwks());
        assertThat(verify(verifier("vitrina.identity.keys", "file:" + set), ISSUER.token("7"))
                        .userId())
                .isEqualTo(7);
        Path pem = Files.writeString(folder.resolve("public.pem"), ISSUER.publicPem());
        TokenVerifier verifier = verifier("vitrina.identity.keys", "file:" + pem);
        assertThat(verify(verifier, ISSUER.token("7")).userId()).isEqualTo(7);
        ISSUER.bad("7").forEach((what, token) -> assertThatThrownBy(() -> verify(verifier, token))
                .as(what)
                .isInstanceOf(ProblemException.class));
    }

    @Test
    void verifiesWhatTheInstallsOwnKeyHasSigned() throws IOException {
        Path key = Files.writeString(folder.resolve("key.pem"), ISSUER.privatePem());
        IdentityConfig config = config("vitrina.identity.keys", "", "vitrina.identity.signing-key", key.toString());
        TokenSigner signer = TokenSigner.of(config).orElseThrow();
        TokenVerifier verifier = new TokenVerifier(new VerificationKeys(VERTX, config), config);
        Caller caller = verify(verifier, signer.sign("7", Set.of("admin"), Duration.ofMinutes(1)));
        assertThat(caller.userId()).isEqualTo(7);
        assertThat(caller.roles()).containsExactlyInAnyOrder(Roles.ADMIN, Roles.USER);
        assertThat(signer.jwks()).contains("\"kid\"").doesNotContain("\"d\"");
    }

    /** As Helm makes it: what PKCS#8 wraps, without its 26 bytes of wrapping. */
    @Test
    void signsByAKeyInPkcs1Too() {
        String body = ISSUER.privatePem().replaceAll("-----[^-]*-----|\\s", "");
        byte[] wrapped = Base64.getDecoder().decode(body);
        String pem = "-----BEGIN RSA PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(Arrays.copyOfRange(wrapped, 26, wrapped.length))
                + "\n-----END RSA PRIVATE KEY-----\n";
        TokenSigner signer = TokenSigner.ofPem(pem, TestIssuer.ISSUER, TestIssuer.AUDIENCE);
        source.answer(Answer.json(signer.jwks()));
        assertThat(verify(verifier(), signer.sign("7", Set.of(), Duration.ofMinutes(1)))
                        .userId())
                .isEqualTo(7);
    }

    @Test
    void readsRolesWhereAProviderHasThem() {
        TokenVerifier verifier = verifier("vitrina.identity.roles-claim", "realm_access/roles");
        Caller caller = verify(
                verifier,
                ISSUER.token(c -> c.setClaim("realm_access", Map.of("roles", java.util.List.of("operator"))), "7"));
        assertThat(caller.roles()).containsExactlyInAnyOrder(Roles.OPERATOR, Roles.USER);
    }
}

package org.vitrina.bff.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.bff.Backs;
import org.vitrina.bff.OidcBacks;
import org.vitrina.bff.SessionConfig;
import org.vitrina.identity.ClientTokens;
import org.vitrina.identity.IdentityConfig;
import org.vitrina.identity.Provider;
import org.vitrina.identity.TokenVerifier;
import org.vitrina.servers.RedisServer;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.identity.TestProvider;

/** How sessions get their next access token: two replicas over one Redis and a provider whose refresh tokens count once. */
@QuarkusTest
@WithTestResource(Backs.class)
@WithTestResource(OidcBacks.class)
class ProviderTokensTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Inject
    Vertx vertx;

    @Inject
    SharedState shared;

    @Inject
    SealedClaims sealed;

    @Inject
    SessionConfig config;

    @Inject
    IdentityConfig identity;

    @Inject
    Provider provider;

    @Inject
    ClientTokens client;

    @Inject
    TokenVerifier verifier;

    /** Filled by {@link OidcBacks}. */
    @SuppressWarnings("NullAway.Init")
    TestProvider theirs;

    private final BrowserSession session = new BrowserSession(
            5,
            Set.of(),
            UUID.randomUUID().toString(),
            "csrf",
            Instant.now(),
            Instant.now(),
            Instant.now().plusSeconds(600),
            new BrowserSession.Login("e7b1-5", "sid"));

    @BeforeEach
    void heal() {
        theirs.reset();
    }

    /** What each replica has of its own. */
    private record Replica(TokenStore store, ProviderTokens tokens) {
        String token(BrowserSession of) {
            return tokens.of(of).await().atMost(LONG);
        }

        @Nullable
        String refreshToken(BrowserSession of) {
            HeldTokens found = store.find(of).await().atMost(LONG).tokens();
            return found == null ? null : found.refresh();
        }
    }

    private Replica replica() {
        TokenStore store = new TokenStore(shared, sealed, config);
        return new Replica(store, new ProviderTokens(vertx, store, provider, client, verifier, identity));
    }

    /** Tokens of which this much of a life of 100 s is left. */
    private HeldTokens held(Duration left) {
        Instant now = Instant.now();
        return new HeldTokens(
                "old", theirs.refreshToken(5), "id", now.minusSeconds(100).plus(left), now.plus(left));
    }

    private static void keep(Replica replica, BrowserSession session, HeldTokens tokens) {
        replica.store.keep(session, tokens).await().atMost(LONG);
    }

    @Test
    void twoReplicasUseARefreshTokenOnce() {
        Replica one = replica();
        Replica two = replica();
        keep(one, session, held(Duration.ZERO));

        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add((i % 2 == 0 ? one : two).tokens.of(session).subscribeAsCompletionStage());
        }

        List<String> tokens =
                all.stream().map(CompletableFuture::join).distinct().toList();
        assertThat(tokens).hasSize(1).doesNotContain("old");
        assertThat(theirs.refreshes()).isEqualTo(1);
        assertThat(theirs.refusals()).isZero();
        // the refresh token after it is known to both
        assertThat(two.refreshToken(session)).isNotNull().isEqualTo(one.refreshToken(session));
    }

    @Test
    void isReplacedBesideWhileItStillCounts() {
        Replica replica = replica();
        keep(replica, session, held(Duration.ofSeconds(20)));
        theirs.service().answer(Answer.HANGS);

        // nobody waits, and a provider that is away is no trouble yet
        assertThat(replica.token(session)).isEqualTo("old");

        theirs.reset();
        await().atMost(LONG).until(() -> !replica.token(session).equals("old"));
        assertThat(theirs.refreshes()).isEqualTo(1);
    }

    @Test
    void isLeftAloneWhileItIsYoung() {
        Replica replica = replica();
        keep(replica, session, held(Duration.ofSeconds(60)));

        assertThat(replica.token(session)).isEqualTo("old");
        assertThat(theirs.service().count()).isZero();
    }

    @Test
    void whatNoReplicaKnowsHasEnded() {
        assertThatThrownBy(() -> replica().token(session)).isInstanceOf(ProviderTokens.Ended.class);
    }

    @Test
    void aReplicaThatKnowsThemGoesOnWithoutTheRedisAndOneThatDoesNotIsToBeAskedAgain() {
        Replica knows = replica();
        Replica other = replica();
        keep(knows, session, held(Duration.ZERO));
        RedisServer.shared().freeze();
        try {
            assertThatThrownBy(() -> other.token(session)).isNotInstanceOf(ProviderTokens.Ended.class);
            // as long as a caller of the other has waited
            await().atMost(LONG).until(() -> !shared.isThere());
            assertThat(knows.token(session)).isNotEqualTo("old");
            assertThat(theirs.refreshes()).isEqualTo(1);
        } finally {
            RedisServer.shared().thaw();
            await().atMost(LONG)
                    .until(() -> other.store.find(session).await().atMost(LONG).isAnswered());
        }
    }

    @Test
    void aTokenOfAnotherUserEndsTheSession() {
        Replica replica = replica();
        HeldTokens tokens = held(Duration.ZERO);
        keep(replica, session, new HeldTokens("old", theirs.refreshToken(6), null, tokens.got(), tokens.expires()));

        assertThatThrownBy(() -> replica.token(session)).isInstanceOf(ProviderTokens.Ended.class);
    }

    @Test
    void whatIsKeptForOneSessionIsNotReadAsAnothersAndNotByOthers() {
        HeldTokens tokens = held(Duration.ofSeconds(60));
        String kept = tokens.seal(sealed, session.id(), Instant.now().plusSeconds(60));

        assertThat(HeldTokens.open(sealed, session.id(), kept)).isNotNull();
        assertThat(HeldTokens.open(sealed, "another", kept)).isNull();
        assertThat(sealed.open("vitrina-session", kept)).isNull();
        assertThat(kept + tokens).doesNotContain("old", String.valueOf(tokens.refresh()));
    }

    @Test
    void aLogoutIsKnownAtTheOtherReplica() {
        RevokedSessions one = new RevokedSessions(shared, config);
        boolean told = Uni.createFrom()
                .<Boolean>emitter(emitter -> one.addLogin("sid", emitter::complete))
                .await()
                .atMost(LONG);

        assertThat(told).isTrue();
        List<String> found = Uni.createFrom()
                .<List<String>>emitter(
                        emitter -> shared.get(List.of("vitrina:session:revoked:login:sid"), emitter::complete))
                .await()
                .atMost(LONG);
        assertThat(found).doesNotContainNull();
    }
}

package org.vitrina.bff.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.ClientTokens;
import org.vitrina.identity.IdentityConfig;
import org.vitrina.identity.Provider;
import org.vitrina.identity.TokenEndpoint;
import org.vitrina.identity.TokenVerifier;
import org.vitrina.runtime.OwnContext;

/**
 * The tokens by which services know a session's user, of a provider (oidc). An access token is replaced beside all requests when a
 * quarter of its life is left; only one that no longer counts is waited for. One question to the provider serves all requests of a
 * session: in this replica they share it, and the replicas take turns by the shared Redis, so that a refresh token that counts once
 * is used once.
 */
@Singleton
class ProviderTokens {
    private static final Logger LOG = Logger.getLogger(ProviderTokens.class);

    /** A request waits so long, and has as much for its own work; what it waited for goes on without it. */
    private static final Duration WAIT = Duration.ofSeconds(1);

    /** How long another replica is waited for. */
    private static final Duration TURN = Duration.ofSeconds(5);

    private static final long LOOK_AGAIN_MILLIS = 50;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST = 10_000;

    private final Vertx vertx;
    private final TokenStore store;
    private final Provider provider;
    private final TokenEndpoint endpoint;
    private final TokenVerifier verifier;
    private final Map<String, Uni<HeldTokens>> underWay = new ConcurrentHashMap<>();

    /** Sessions for which the provider has just failed: it is not asked with each of their requests. */
    private final Cache<String, Throwable> failed;

    ProviderTokens(
            Vertx vertx,
            TokenStore store,
            Provider provider,
            ClientTokens client,
            TokenVerifier verifier,
            IdentityConfig config) {
        this.vertx = vertx;
        this.store = store;
        this.provider = provider;
        this.endpoint =
                new TokenEndpoint(vertx, client.client(), config.clientSecret().orElse(null));
        this.verifier = verifier;
        this.failed = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(PAUSE)
                .executor(Runnable::run)
                .build();
    }

    /** The session has no tokens any more: its user has to sign in again. */
    static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;

        Ended(String why) {
            super(why, null, false, false);
        }
    }

    /** A token of the session's user; fails with {@link Ended}, or with anything else where none can be had now. */
    Uni<String> of(BrowserSession session) {
        HeldTokens now = store.here(session);
        if (now == null || !now.isGood()) {
            return OwnContext.andBack(
                    next(session).map(HeldTokens::access).ifNoItem().after(WAIT).failWith(ProviderTokens::away));
        }
        if (now.isToBeReplaced() && !underWay.containsKey(session.id())) {
            var unused = next(session).subscribe().with(tokens -> {}, later -> {});
        }
        return Uni.createFrom().item(now.access());
    }

    static ProblemException away() {
        return new ProblemException(
                ErrorCode.UNAVAILABLE,
                "The identity provider is not to be had now, so nothing was changed. Try again.");
    }

    /** Sends a grant to the provider, and judges the access token that it gives as every service does. */
    Uni<TokenEndpoint.Tokens> ask(Map<String, String> grant) {
        return provider.endpoints().flatMap(at -> endpoint.ask(at.token(), at.secretInForm(), grant));
    }

    /** Gives up the refresh token of a session that is over, beside the answer to who ended it; where the provider takes that. */
    void giveUp(HeldTokens tokens, Provider.Endpoints at) {
        String refresh = tokens.refresh();
        String place = at.revocation();
        if (refresh != null && place != null) {
            var unused = endpoint.revoke(place, at.secretInForm(), refresh)
                    .subscribe()
                    .with(
                            done -> {},
                            failure -> LOG.warnf(
                                    "A refresh token is not given up, and counts at the provider until it expires: %s",
                                    failure.getMessage()));
        }
    }

    private Uni<HeldTokens> next(BrowserSession session) {
        Throwable before = failed.getIfPresent(session.id());
        if (before != null) {
            return Uni.createFrom().failure(before);
        }
        return underWay.computeIfAbsent(session.id(), id -> OwnContext.call(
                        // to its end, whoever still waits for it
                        vertx, () -> turn(session, Instant.now().plus(TURN))
                                .onFailure()
                                .invoke(failure -> failed(session, failure))
                                .onTermination()
                                .invoke(() -> underWay.remove(id)))
                .memoize()
                .indefinitely());
    }

    private void failed(BrowserSession session, Throwable failure) {
        if (!(failure instanceof Ended)) {
            LOG.warnf("A session's next access token cannot be had: %s", failure.getMessage());
        }
        failed.put(session.id(), failure);
    }

    /** What another replica has got meanwhile, or what the provider gives when it is this one's turn. */
    private Uni<HeldTokens> turn(BrowserSession session, Instant until) {
        return store.find(session).flatMap(found -> {
            if (isFresh(found.tokens())) {
                return Uni.createFrom().item(found.tokens());
            }
            return store.lock(session).flatMap(ours -> {
                if (Boolean.FALSE.equals(ours)) {
                    return Instant.now().isBefore(until)
                            ? later().flatMap(again -> turn(session, until))
                            : Uni.createFrom().failure(new IllegalStateException("another replica is at it"));
                }
                return alone(session).onTermination().invoke(() -> store.unlock(session));
            });
        });
    }

    private static boolean isFresh(@Nullable HeldTokens tokens) {
        return tokens != null && tokens.isGood() && !tokens.isToBeReplaced();
    }

    private Uni<Long> later() {
        return Uni.createFrom().emitter(emitter -> vertx.setTimer(LOOK_AGAIN_MILLIS, emitter::complete));
    }

    private Uni<HeldTokens> alone(BrowserSession session) {
        return store.find(session).flatMap(found -> {
            HeldTokens tokens = found.tokens();
            if (tokens == null) {
                return Uni.createFrom()
                        .failure(
                                found.isAnswered()
                                        ? new Ended("no replica has its tokens")
                                        : new IllegalStateException("the Redis of the sessions is absent"));
            }
            if (isFresh(tokens)) {
                return Uni.createFrom().item(tokens);
            }
            String refresh = tokens.refresh();
            return refresh == null
                    ? Uni.createFrom().failure(new Ended("the provider gave no refresh token"))
                    : refreshed(session, tokens, refresh);
        });
    }

    private Uni<HeldTokens> refreshed(BrowserSession session, HeldTokens before, String refresh) {
        return ask(Map.of("grant_type", "refresh_token", "refresh_token", refresh))
                .onFailure(TokenEndpoint.Refused.class)
                .transform(refused -> refused.isOfTheGrant()
                        ? new Ended("the provider does not take its refresh token any more")
                        : refused)
                .flatMap(tokens -> {
                    HeldTokens next = HeldTokens.of(tokens, before);
                    // kept first: whatever becomes of the access token, the refresh token before it may count no more
                    return store.keep(session, next)
                            .chain(() -> verifier.verify(next.access()))
                            .map(caller -> {
                                if (caller.userId() != session.user()) {
                                    throw new Ended("the provider's token is another user's");
                                }
                                return next;
                            });
                });
    }
}

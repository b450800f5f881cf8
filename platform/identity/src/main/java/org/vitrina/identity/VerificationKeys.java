package org.vitrina.identity;

import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.runtime.OwnContext;

/**
 * The public keys by which tokens are verified. They are asked for again when they are {@code keys-refresh} old, and when a
 * token is signed by another; those that are known go on while their source is away or answers rubbish. No request waits
 * for its source but one that needs a key that is not known.
 */
@Singleton
class VerificationKeys {
    private static final Logger LOG = Logger.getLogger(VerificationKeys.class);
    private static final long SECOND = 1_000_000_000L;

    private final Vertx vertx;
    private final IdentityConfig config;
    private final KeySource source;
    private final AtomicReference<@Nullable Uni<Known>> underWay = new AtomicReference<>();
    private volatile @Nullable Known known;
    private volatile long askedAt = System.nanoTime() - SECOND;
    private volatile boolean failed;

    /**
     * @param text as their source has it, a JWKS or PEM; the same text makes no new keys
     * @param parser of access tokens
     */
    record Known(String text, JWTParser parser) {}

    VerificationKeys(Vertx vertx, IdentityConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.source = KeySource.of(vertx, config);
    }

    /** Null until they were had once. Those that have become old are asked for beside. */
    @Nullable
    Known known() {
        Known now = known;
        if (now != null && System.nanoTime() - askedAt > config.keysRefresh().toNanos() && underWay.get() == null) {
            var unused = refresh().subscribe().with(fetched -> {}, away -> {});
        }
        return now;
    }

    /** The keys as their source has them now, or, while it is away, those that are known; fails where there are none (503). */
    Uni<Known> refresh() {
        return Uni.createFrom().deferred(() -> {
            Uni<Known> others = underWay.get();
            if (others != null) {
                return others;
            }
            Uni<Known> ours = OwnContext.call(vertx, source::read)
                    .map(this::take)
                    .onFailure()
                    .recoverWithUni(this::goOn)
                    .onTermination()
                    .invoke(() -> underWay.set(null))
                    .memoize()
                    .indefinitely();
            if (!underWay.compareAndSet(null, ours)) {
                return refresh();
            }
            askedAt = System.nanoTime();
            return ours;
        });
    }

    /** As {@link #refresh}, but who comes within a second of another gets what is known: a flood of odd tokens asks once a second. */
    Uni<Known> refreshAtMostOnceASecond() {
        Known now = known;
        if (now != null && underWay.get() == null && System.nanoTime() - askedAt < SECOND) {
            return Uni.createFrom().item(now);
        }
        return refresh();
    }

    /** @param text a JWKS or PEM */
    Known take(String text) {
        Known before = known;
        if (failed) {
            failed = false;
            LOG.infof("The keys of tokens are to be had again at %s", source);
        }
        if (before != null && before.text.equals(text)) {
            return before;
        }
        Known fetched = new Known(text, parser(text, config.audience()));
        known = fetched;
        LOG.infof("Tokens are verified by the keys of %s", source);
        return fetched;
    }

    private Uni<Known> goOn(Throwable away) {
        Known before = known;
        if (!failed) {
            failed = true;
            LOG.warnf(
                    "The keys of tokens are not to be had at %s: %s%s",
                    source, away.getMessage(), before == null ? "" : "; those that are known go on");
        }
        return before == null
                ? Uni.createFrom()
                        .failure(
                                new ProblemException(
                                        ErrorCode.UNAVAILABLE,
                                        "Access tokens cannot be verified now: the issuer's keys are not to be had. Try again."))
                : Uni.createFrom().item(before);
    }

    /** What SmallRye JWT is to accept. */
    JWTParser parser(String text, String audience) {
        JWTAuthContextInfo accepted = new JWTAuthContextInfo();
        accepted.setPublicKeyContent(text);
        accepted.setSignatureAlgorithm(KeySource.algorithms(text));
        accepted.setIssuedBy(config.issuer());
        accepted.setExpectedAudience(Set.of(audience));
        // whether a subject is needed is said where tokens are used: one that ends a session need not have it
        accepted.setRequireNamedPrincipal(false);
        accepted.setClockSkew((int) config.leeway().toSeconds());
        accepted.setGroupsPath(config.rolesClaim());
        return new DefaultJWTParser(accepted, new DefaultJWTCallerPrincipalFactory());
    }
}

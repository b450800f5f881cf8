package org.vitrina.bff.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.vitrina.bff.SessionConfig;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.AuthConfig;
import org.vitrina.identity.AuthMode;
import org.vitrina.identity.IdentityConfig;
import org.vitrina.identity.TokenSigner;

/** The tokens by which services know a session's user (demo): made by the install's key, kept for half of their life. */
@Singleton
class UserTokens {
    private static final int MOST = 10_000;

    private final Optional<TokenSigner> signer;
    private final Duration life;
    private final Cache<Of, String> made;

    UserTokens(AuthConfig auth, IdentityConfig identity, SessionConfig config) {
        this.signer = auth.auth() == AuthMode.DEMO ? TokenSigner.of(identity) : Optional.empty();
        this.life = config.tokenLife();
        // what is carried now must still count when a slow service looks at it
        this.made = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(life.dividedBy(2))
                .executor(Runnable::run)
                .build();
    }

    private record Of(int user, Set<String> roles) {}

    /** A token of the session's user. */
    String of(BrowserSession session) {
        return made.get(new Of(session.user(), session.roles()), this::sign);
    }

    private String sign(Of of) {
        return signer().sign(Integer.toString(of.user()), of.roles(), life);
    }

    /** The public keys, as a JWKS. */
    String keys() {
        return signer().jwks();
    }

    boolean canSign() {
        return signer.isPresent();
    }

    private TokenSigner signer() {
        return signer.orElseThrow(() ->
                new ProblemException(ErrorCode.NOT_FOUND, "This install has no key of its own (vitrina.auth=demo)."));
    }
}

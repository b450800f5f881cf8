package org.vitrina.identity;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/**
 * Who a request is of: with authentication off anybody, who may do everything; else whose bearer token it has. Without one
 * it is nobody's, and other mechanisms may say whose it is (a session). A bad token is 401 wherever it is sent.
 */
@ApplicationScoped
class CallerMechanism implements HttpAuthenticationMechanism {
    private static final String SCHEME = "Bearer ";

    private final Enforcement enforcement;
    private final TokenVerifier tokens;

    CallerMechanism(Enforcement enforcement, TokenVerifier tokens) {
        this.enforcement = enforcement;
        this.tokens = tokens;
    }

    @Override
    public int getPriority() {
        return DEFAULT_PRIORITY + 1_000;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        if (!enforcement.on() || Caller.current() == Caller.ANYBODY) {
            return Uni.createFrom().item(Caller.ANYBODY.identity());
        }
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return Uni.createFrom().nullItem();
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Uni.createFrom()
                    .failure(Refusals.badToken("Authorization is to be Bearer, followed by an access token."));
        }
        return tokens.verify(header.substring(SCHEME.length()).strip()).map(caller -> {
            caller.attach();
            return caller.identity();
        });
    }

    /** Problems say it in their own words (platform/http); this is for what asks for it all the same. */
    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of();
    }
}

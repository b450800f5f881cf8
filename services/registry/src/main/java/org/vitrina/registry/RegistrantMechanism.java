package org.vitrina.registry;

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
import org.vitrina.identity.Caller;
import org.vitrina.identity.CurrentCaller;

/** A registration secret stands for a token of its service: replicas without a key to sign one register with it. */
@ApplicationScoped
class RegistrantMechanism implements HttpAuthenticationMechanism {
    private final Registrants registrants;
    private final CurrentCaller callers;

    RegistrantMechanism(Registrants registrants, CurrentCaller callers) {
        this.registrants = registrants;
        this.callers = callers;
    }

    /** Before tokens are looked at: a secret is none. */
    @Override
    public int getPriority() {
        return DEFAULT_PRIORITY + 2_000;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        String service = header == null || !callers.authenticates() ? null : registrants.serviceOf(header);
        if (service == null) {
            return Uni.createFrom().nullItem();
        }
        Caller caller = Caller.service(service);
        caller.attach();
        return Uni.createFrom().item(caller.identity());
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().nullItem();
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of();
    }
}

package org.vitrina.identity;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.Map;

/** A service's token of a provider: OAuth 2.0's client credentials (RFC 6749, 4.4), the client known by its secret. */
final class ClientCredentials implements ServiceTokens.TokenOrigin {
    private final TokenEndpoint endpoint;
    private final String url;

    ClientCredentials(Vertx vertx, String url, String clientId, String secret) {
        this.endpoint = new TokenEndpoint(vertx, clientId, secret);
        this.url = url;
    }

    @Override
    public Uni<ServiceTokens.Held> get() {
        return endpoint.ask(url, false, Map.of("grant_type", "client_credentials"))
                .map(tokens -> new ServiceTokens.Held(tokens.access(), tokens.expires()));
    }
}

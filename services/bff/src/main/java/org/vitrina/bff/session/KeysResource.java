package org.vitrina.bff.session;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /.well-known/jwks.json}: the public keys of the install's own issuer (demo). */
@Path("/.well-known/jwks.json")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
public class KeysResource {
    private final UserTokens tokens;

    KeysResource(UserTokens tokens) {
        this.tokens = tokens;
    }

    @GET
    public RestResponse<String> keys() {
        return RestResponse.ResponseBuilder.ok(tokens.keys())
                .header("Cache-Control", "public, max-age=60")
                .build();
    }
}

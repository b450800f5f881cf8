package org.vitrina.features;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.vitrina.identity.Roles;

/** For operators: what was sent. */
@Path("/ops/generator")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
class FeaturesOpsResource {
    private final GeneratorService generator;

    FeaturesOpsResource(GeneratorService generator) {
        this.generator = generator;
    }

    @GET
    public Uni<Sent> sent() {
        return Uni.createFrom().item(generator.sent());
    }
}

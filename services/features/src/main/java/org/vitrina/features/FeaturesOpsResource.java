package org.vitrina.features;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** For operators: what was sent. */
@Path("/ops/generator")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "ops")
class FeaturesOpsResource {
    private final GeneratorService generator;

    FeaturesOpsResource(GeneratorService generator) {
        this.generator = generator;
    }

    @GET
    @Operation(operationId = "generator", summary = "How many rows this process has sent, and the last one")
    @APIResponse(responseCode = "200", description = "Confirmed by the broker")
    @APIResponse(responseCode = "503", description = "Not now: it is starting, or too much is asked")
    public Uni<Sent> sent() {
        return Uni.createFrom().item(generator.sent());
    }
}

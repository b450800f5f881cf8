package org.vitrina.bff.ops;

import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.vitrina.identity.Roles;

/** {@code /ops/resilience}: what protects the pages, and how it fares, once or as a stream. */
@RolesAllowed(Roles.OPERATOR)
@Path("/ops/resilience")
public class ResilienceResource {
    private final ResilienceNow state;
    private final LiveStream stream;

    ResilienceResource(ResilienceNow state, LiveStream stream) {
        this.state = state;
        this.stream = stream;
    }

    // the other replicas ask too, whose page tells of all
    @RolesAllowed({Roles.OPERATOR, Roles.SERVICE})
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public ResilienceView now() {
        return state.view();
    }

    @GET
    @Path("/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> stream(@Context Sse sse) {
        return stream.of(sse, MediaType.APPLICATION_JSON_TYPE, state::view);
    }
}

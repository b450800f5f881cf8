package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.Erasure;
import org.vitrina.http.Page;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.Roles;
import org.vitrina.messaging.Redriven;
import org.vitrina.persistence.trail.AuditEntry;
import org.vitrina.persistence.trail.AuditTrail;

/** For operators: all products predicted anew, dead letters taken up again, who did what, a user erased. */
@Path("/ops")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
class PredictionsOpsResource {
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private final PredictionsOpsService ops;
    private final AuditTrail trail;
    private final RequestDeadline deadline;

    PredictionsOpsResource(PredictionsOpsService ops, AuditTrail trail, RequestDeadline deadline) {
        this.ops = ops;
        this.trail = trail;
        this.deadline = deadline;
    }

    @POST
    @Path("/recompute")
    public Uni<RestResponse<Recomputation>> recompute() {
        return deadline.bound(ops.recompute())
                .map(progress -> RestResponse.ResponseBuilder.create(RestResponse.Status.ACCEPTED, progress)
                        .build());
    }

    @GET
    @Path("/recompute")
    public Uni<Recomputation> progress() {
        return deadline.bound(ops.progress());
    }

    // Not bound to the request's deadline: those that are too old to be taken up again may be many, before the others.
    @POST
    @Path("/redrive")
    public Uni<Redriven> redrive(
            @Parameter(description = "How many at most, up to 1000; 100 if left out") @QueryParam("limit") @Nullable
                    String limit) {
        return ops.redrive(Page.atMost(limit, USUAL, MOST));
    }

    @DELETE
    @Path("/users/{id}")
    public Uni<Erasure> erase(@PathParam("id") int userId) {
        return deadline.bound(ops.erase(userId));
    }

    @GET
    @Path("/trail")
    public Uni<RestResponse<List<AuditEntry>>> trail(
            @Parameter(description = AuditTrail.LIMIT) @QueryParam("limit") @Nullable String limit,
            @Parameter(description = AuditTrail.BEFORE) @QueryParam("before") @Nullable String before,
            @Parameter(description = AuditTrail.USER) @QueryParam("user_id") @Nullable String userId,
            @Context UriInfo uri) {
        return deadline.bound(trail.page(limit, before, userId, uri));
    }
}

package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.Roles;
import org.vitrina.persistence.trail.AuditEntry;
import org.vitrina.persistence.trail.AuditTrail;

/** For operators: the audit, and who moved stock. */
@Path("/ops")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
class InventoryOpsResource {
    private final InventoryAudit audit;
    private final AuditTrail trail;
    private final RequestDeadline deadline;

    InventoryOpsResource(InventoryAudit audit, AuditTrail trail, RequestDeadline deadline) {
        this.audit = audit;
        this.trail = trail;
        this.deadline = deadline;
    }

    // Not bound to the request's deadline: a large stock takes longer than a customer would wait.
    @GET
    @Path("/audit")
    public Uni<InventoryAuditReport> audit() {
        return audit.work();
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

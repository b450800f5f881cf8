package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
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
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.Roles;
import org.vitrina.persistence.trail.AuditEntry;
import org.vitrina.persistence.trail.AuditTrail;

/** What operators ask. */
@Path("/ops")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
class OrdersOpsResource {
    private final OrdersAudit audits;
    private final OrderHistories histories;
    private final UserErasure erasure;
    private final AuditTrail trail;
    private final RequestDeadline deadline;

    OrdersOpsResource(
            OrdersAudit audits,
            OrderHistories histories,
            UserErasure erasure,
            AuditTrail trail,
            RequestDeadline deadline) {
        this.trail = trail;
        this.audits = audits;
        this.histories = histories;
        this.erasure = erasure;
        this.deadline = deadline;
    }

    @GET
    @Path("/audit")
    public Uni<OrdersAuditReport> audit() {
        return deadline.bound(audits.work());
    }

    @GET
    @Path("/orders/{id}")
    public Uni<OrderHistory> order(@PathParam("id") String id) {
        return deadline.bound(histories.of(OrderResource.id("id", id)));
    }

    // Not bound to the request's deadline: a buyer of many years has more than a customer would wait for.
    @DELETE
    @Path("/users/{id}")
    public Uni<Erasure> erase(@PathParam("id") int userId) {
        return erasure.erase(userId);
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

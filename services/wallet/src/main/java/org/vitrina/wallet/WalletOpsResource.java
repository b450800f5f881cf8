package org.vitrina.wallet;

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

/** For operators: the audit, who moved money, and a user erased. */
@Path("/ops")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
class WalletOpsResource {
    private final WalletAudit audit;
    private final WalletService wallets;
    private final AuditTrail trail;
    private final RequestDeadline deadline;

    WalletOpsResource(WalletAudit audit, WalletService wallets, AuditTrail trail, RequestDeadline deadline) {
        this.audit = audit;
        this.wallets = wallets;
        this.trail = trail;
        this.deadline = deadline;
    }

    // Not bound to the request's deadline: a large ledger takes longer than a customer would wait.
    @GET
    @Path("/audit")
    public Uni<WalletAuditReport> audit() {
        return audit.work();
    }

    @DELETE
    @Path("/users/{id}")
    public Uni<Erasure> erase(@PathParam("id") int userId) {
        return deadline.bound(wallets.erase(userId));
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

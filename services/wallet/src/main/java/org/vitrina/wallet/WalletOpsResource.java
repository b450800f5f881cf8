package org.vitrina.wallet;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.vitrina.http.Erasure;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.Roles;

/** For operators: the audit, and a user erased. */
@Path("/ops")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
class WalletOpsResource {
    private final WalletAudit audit;
    private final WalletService wallets;
    private final RequestDeadline deadline;

    WalletOpsResource(WalletAudit audit, WalletService wallets, RequestDeadline deadline) {
        this.audit = audit;
        this.wallets = wallets;
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
}

package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.vitrina.identity.Roles;

/** The audit, for operators. */
@Path("/ops/audit")
@RolesAllowed(Roles.OPERATOR)
class InventoryOpsResource {
    private final InventoryAudit audit;

    InventoryOpsResource(InventoryAudit audit) {
        this.audit = audit;
    }

    // Not bound to the request's deadline: a large stock takes longer than a customer would wait.
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<InventoryAuditReport> audit() {
        return audit.work();
    }
}

package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The audit, for operators. */
@Path("/ops/audit")
@Tag(name = "operations")
class InventoryAuditResource {
    private final InventoryAudit audit;

    InventoryAuditResource(InventoryAudit audit) {
        this.audit = audit;
    }

    // Not bound to the request's deadline: a large stock takes longer than a customer would wait.
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "audit", summary = "Adds up stock and reservations now, and says what does not agree")
    @APIResponse(responseCode = "200", description = "The sums; consistent is false where something is wrong")
    @APIResponse(responseCode = "503", description = "Not now: the database is away")
    public Uni<InventoryAuditReport> audit() {
        return audit.work();
    }
}

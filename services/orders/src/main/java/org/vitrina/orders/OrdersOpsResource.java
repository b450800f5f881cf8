package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.vitrina.http.RequestDeadline;

/** What operators ask. */
@Path("/ops")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "ops")
class OrdersOpsResource {
    private final OrdersAudit audits;
    private final RequestDeadline deadline;

    OrdersOpsResource(OrdersAudit audits, RequestDeadline deadline) {
        this.audits = audits;
        this.deadline = deadline;
    }

    @GET
    @Path("/audit")
    @Operation(operationId = "audit", summary = "Whether the orders of the last time agree with one another")
    @APIResponse(
            responseCode = "200",
            description = "What was found, and counts and sums to compare with other services")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<OrdersAuditReport> audit() {
        return deadline.bound(audits.work());
    }
}

package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.vitrina.http.RequestDeadline;

/** What operators ask. */
@Path("/ops")
@Produces(MediaType.APPLICATION_JSON)
class OrdersOpsResource {
    private final OrdersAudit audits;
    private final RequestDeadline deadline;

    OrdersOpsResource(OrdersAudit audits, RequestDeadline deadline) {
        this.audits = audits;
        this.deadline = deadline;
    }

    @GET
    @Path("/audit")
    public Uni<OrdersAuditReport> audit() {
        return deadline.bound(audits.work());
    }
}

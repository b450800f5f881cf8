package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.vitrina.web.RequestDeadline;

/** What operators ask. */
@Path("/ops")
@Produces(MediaType.APPLICATION_JSON)
class OpsResource {
    private final AuditService audits;
    private final RequestDeadline deadline;

    OpsResource(AuditService audits, RequestDeadline deadline) {
        this.audits = audits;
        this.deadline = deadline;
    }

    @GET
    @Path("/audit")
    public Uni<Audit> audit() {
        return deadline.bound(audits.audit());
    }
}

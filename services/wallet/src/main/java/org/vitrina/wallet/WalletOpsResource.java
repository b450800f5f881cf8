package org.vitrina.wallet;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The audit, for operators. */
@Path("/ops/audit")
class WalletOpsResource {
    private final WalletAudit audit;

    WalletOpsResource(WalletAudit audit) {
        this.audit = audit;
    }

    // Not bound to the request's deadline: a large ledger takes longer than a customer would wait.
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<WalletAuditReport> audit() {
        return audit.work();
    }
}

package org.vitrina.sms;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.vitrina.identity.Roles;

/** Switches for tests. */
@Path("/ops/faults")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
class SmsOpsResource {
    private final FaultSwitch faults;

    SmsOpsResource(FaultSwitch faults) {
        this.faults = faults;
    }

    @GET
    public Faults now() {
        return faults.now();
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public Faults set(@NotNull @Valid Faults wanted) {
        faults.set(wanted);
        return faults.now();
    }

    @DELETE
    public void none() {
        faults.set(Faults.NONE);
    }
}

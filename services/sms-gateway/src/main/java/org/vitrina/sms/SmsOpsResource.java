package org.vitrina.sms;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Switches for tests. */
@Path("/ops/faults")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "ops")
class SmsOpsResource {
    private final FaultSwitch faults;

    SmsOpsResource(FaultSwitch faults) {
        this.faults = faults;
    }

    @GET
    @Operation(operationId = "faults", summary = "The faults that are switched on")
    @APIResponse(responseCode = "200", description = "The faults")
    public Faults now() {
        return faults.now();
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "setFaults", summary = "Switches these on and all others off")
    @APIResponse(responseCode = "200", description = "The faults")
    @APIResponse(responseCode = "400", description = "No such fault")
    public Faults set(@NotNull @Valid Faults wanted) {
        faults.set(wanted);
        return faults.now();
    }

    @DELETE
    @Operation(operationId = "noFaults", summary = "Switches all off")
    @APIResponse(responseCode = "204", description = "The gateway works")
    public void none() {
        faults.set(Faults.NONE);
    }
}

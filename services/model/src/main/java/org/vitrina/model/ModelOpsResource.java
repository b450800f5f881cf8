package org.vitrina.model;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.RequestDeadline;

/** For operators: which versions of the model predict. */
@Path("/ops/model")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "ops")
class ModelOpsResource {
    private final ModelService models;
    private final RequestDeadline deadline;

    ModelOpsResource(ModelService models, RequestDeadline deadline) {
        this.models = models;
        this.deadline = deadline;
    }

    @GET
    @Operation(operationId = "model", summary = "The versions in use, those before, and all there are")
    @APIResponse(responseCode = "200", description = "As this replica has it")
    @APIResponse(responseCode = "503", description = "Not now: it is starting, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<ModelState> state() {
        return deadline.bound(models.state());
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "chooseModel",
            summary = "Uses other versions, several side by side by their weights",
            description =
                    "Written down in the versions' folder: all replicas follow within seconds, without a lost message.")
    @APIResponse(responseCode = "200", description = "In use")
    @APIResponse(responseCode = "400", description = "Not as described")
    @APIResponse(responseCode = "409", description = "A version cannot be used; what was in use stays in use")
    @APIResponse(responseCode = "503", description = "Not now: it is starting, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<ModelState> choose(@Nullable NewChoice choice) {
        if (choice == null || choice.serving() == null) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "serving must name versions with their weights.");
        }
        try {
            VersionStore.requireUsable(choice.serving());
        } catch (ArtefactException e) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "serving: " + e.getMessage() + ".");
        }
        return deadline.bound(models.choose(choice.serving()));
    }

    @POST
    @Path("/rollback")
    @Operation(operationId = "rollBackModel", summary = "Uses again what was in use before")
    @APIResponse(responseCode = "200", description = "In use")
    @APIResponse(responseCode = "409", description = "Nothing was in use before, or it cannot be used any more")
    @APIResponse(responseCode = "503", description = "Not now: it is starting, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<ModelState> rollback() {
        return deadline.bound(models.rollback());
    }
}

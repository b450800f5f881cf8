package org.vitrina.model;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.Roles;

/** For operators: which versions of the model predict. */
@Path("/ops/model")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
class ModelOpsResource {
    private final ModelService models;
    private final RequestDeadline deadline;

    ModelOpsResource(ModelService models, RequestDeadline deadline) {
        this.models = models;
        this.deadline = deadline;
    }

    @GET
    public Uni<ModelState> state() {
        return deadline.bound(models.state());
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
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
    public Uni<ModelState> rollback() {
        return deadline.bound(models.rollback());
    }
}

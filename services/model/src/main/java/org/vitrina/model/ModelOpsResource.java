package org.vitrina.model;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.CurrentCaller;
import org.vitrina.identity.Roles;

/** For operators: which versions of the model there are, and which predict. */
@Path("/ops")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
class ModelOpsResource {
    private final ModelService models;
    private final CurrentCaller callers;
    private final RequestDeadline deadline;

    ModelOpsResource(ModelService models, CurrentCaller callers, RequestDeadline deadline) {
        this.models = models;
        this.callers = callers;
        this.deadline = deadline;
    }

    @GET
    @Path("/model")
    public Uni<ModelState> state() {
        return deadline.bound(models.state());
    }

    @PUT
    @Path("/model")
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
        return deadline.bound(models.choose(choice.serving(), callers.actor()));
    }

    @POST
    @Path("/model/rollback")
    public Uni<ModelState> rollback() {
        return deadline.bound(models.rollback(callers.actor()));
    }

    /** Adds a version that was made elsewhere. The file is written to the disk as it comes. */
    @PUT
    @Path("/models/{version}")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @Blocking
    public RestResponse<UploadedModel> put(
            @PathParam("version") String version,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
                    InputStream body) {
        try {
            VersionStore.requireName(version);
        } catch (ArtefactException e) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, e.getMessage() + ".");
        }
        java.nio.file.Path file = models.upload();
        try (OutputStream to = Files.newOutputStream(file)) {
            body.transferTo(to);
        } catch (IOException e) {
            VersionStore.delete(file);
            throw new ProblemException(ErrorCode.BAD_REQUEST, "The file did not come whole.");
        }
        UploadedModel added = models.add(version, file);
        return RestResponse.ResponseBuilder.create(
                        added.isNew() ? RestResponse.Status.CREATED : RestResponse.Status.OK, added)
                .build();
    }
}

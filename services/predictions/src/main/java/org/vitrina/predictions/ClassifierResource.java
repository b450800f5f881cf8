package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.ETags;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.Roles;

/** Classifiers' parameters over HTTP. */
@Path("/parameters/classifier/{id}")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
class ClassifierResource {
    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final ClassifierService classifiers;
    private final RequestDeadline deadline;

    ClassifierResource(ClassifierService classifiers, RequestDeadline deadline) {
        this.classifiers = classifiers;
        this.deadline = deadline;
    }

    @GET
    public Uni<RestResponse<Classifier>> get(
            @PathParam("id") int id, @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> ifNoneMatch) {
        return deadline.bound(classifiers.get(id))
                .map(found -> tagged(
                        ETags.noneMatch(ETags.field(ifNoneMatch), found.etag())
                                ? RestResponse.ResponseBuilder.ok(found.classifier())
                                : RestResponse.ResponseBuilder.create(RestResponse.Status.NOT_MODIFIED),
                        found));
    }

    @RolesAllowed(Roles.ADMIN)
    @PATCH
    @Consumes({MERGE_PATCH, MediaType.APPLICATION_JSON})
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = MERGE_PATCH, schema = @Schema(implementation = ClassifierPatch.class)),
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = ClassifierPatch.class))
            })
    public Uni<RestResponse<Classifier>> patch(
            @PathParam("id") int id,
            @Parameter(description = "Entity tags, one of which must be the present one; or *.")
                    @HeaderParam(HttpHeaders.IF_MATCH)
                    List<String> ifMatch,
            @Nullable ClassifierPatch patch) {
        if (patch == null) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "The body must be a JSON object.");
        }
        patch.check();
        return deadline.bound(classifiers.patch(id, patch, ETags.field(ifMatch)))
                .map(changed -> tagged(
                        RestResponse.ResponseBuilder.create(
                                changed.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK,
                                changed.classifier()),
                        changed));
    }

    private static RestResponse<Classifier> tagged(
            RestResponse.ResponseBuilder<Classifier> answer, VersionedClassifier classifier) {
        return answer.header(HttpHeaders.ETAG, classifier.etag())
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .build();
    }
}

package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.PerUser;

/** {@link ScoreResource} under the path that older clients use. */
@Path("/user/{id}/score")
@PerUser
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "scores")
class ScoreAliasResource {
    private final ScoreResource scores;

    ScoreAliasResource(ScoreResource scores) {
        this.scores = scores;
    }

    @GET
    @Operation(operationId = "scoreAlias", summary = "The same as GET /users/{id}/score")
    @APIResponse(
            responseCode = "200",
            description = "As GET /users/{id}/score",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Score.class)))
    @APIResponse(responseCode = "400", description = "As GET /users/{id}/score")
    @APIResponse(responseCode = "404", description = "As GET /users/{id}/score")
    @APIResponse(responseCode = "503", description = "As GET /users/{id}/score")
    @APIResponse(responseCode = "504", description = "As GET /users/{id}/score")
    public Uni<Score> score(
            @PathParam("id") int userId,
            @Parameter(required = true, schema = @Schema(type = SchemaType.STRING, format = "date"))
                    @QueryParam("date")
                    @Nullable
                    String date) {
        return scores.score(userId, date);
    }

    @POST
    @Path("/{period}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "putScoreAlias", summary = "The same as POST /users/{id}/score/{period}")
    @APIResponse(
            responseCode = "201",
            description = "As POST /users/{id}/score/{period}",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Score.class)))
    @APIResponse(
            responseCode = "200",
            description = "As POST /users/{id}/score/{period}",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Score.class)))
    @APIResponse(responseCode = "400", description = "As POST /users/{id}/score/{period}")
    @APIResponse(responseCode = "415", description = "As POST /users/{id}/score/{period}")
    @APIResponse(responseCode = "503", description = "As POST /users/{id}/score/{period}")
    @APIResponse(responseCode = "504", description = "As POST /users/{id}/score/{period}")
    public Uni<RestResponse<Score>> put(
            @PathParam("id") int userId,
            @Parameter(schema = @Schema(type = SchemaType.STRING)) @PathParam("period") String period,
            @NotNull @Valid ScoreInput input) {
        return scores.put(userId, period, input);
    }
}

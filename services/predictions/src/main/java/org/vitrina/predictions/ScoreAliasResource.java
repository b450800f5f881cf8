package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
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
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.PerUser;
import org.vitrina.identity.OwnData;
import org.vitrina.identity.Roles;

/** {@link ScoreResource} under the path that older clients use. */
@Path("/user/{id}/score")
@OwnData
@PerUser
@Produces(MediaType.APPLICATION_JSON)
class ScoreAliasResource {
    private final ScoreResource scores;

    ScoreAliasResource(ScoreResource scores) {
        this.scores = scores;
    }

    @GET
    public Uni<Score> score(
            @PathParam("id") int userId,
            @Parameter(required = true, schema = @Schema(type = SchemaType.STRING, format = "date"))
                    @QueryParam("date")
                    @Nullable
                    String date) {
        return scores.score(userId, date);
    }

    @RolesAllowed(Roles.SERVICE)
    @POST
    @Path("/{period}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Score>> put(
            @PathParam("id") int userId,
            @Parameter(schema = @Schema(type = SchemaType.STRING)) @PathParam("period") String period,
            @NotNull @Valid ScoreInput input) {
        return scores.put(userId, period, input);
    }
}

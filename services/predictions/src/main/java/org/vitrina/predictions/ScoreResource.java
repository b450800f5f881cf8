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
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.OwnData;
import org.vitrina.identity.Roles;

/** Users' scores over HTTP. */
@Path("/users/{id}/score")
@OwnData
@PerUser
@Produces(MediaType.APPLICATION_JSON)
class ScoreResource {
    private final ScoreService scores;
    private final RequestDeadline deadline;

    ScoreResource(ScoreService scores, RequestDeadline deadline) {
        this.scores = scores;
        this.deadline = deadline;
    }

    @GET
    public Uni<Score> score(
            @PathParam("id") int userId,
            @Parameter(
                            required = true,
                            schema = @Schema(type = SchemaType.STRING, format = "date", examples = "2021-03-01"))
                    @QueryParam("date")
                    @Nullable
                    String date) {
        if (date == null) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "date is needed: a day, such as 2021-03-01.");
        }
        return deadline.bound(scores.of(userId, Days.day("date", date)));
    }

    @RolesAllowed(Roles.SERVICE)
    @POST
    @Path("/{period}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Score>> put(
            @PathParam("id") int userId,
            @Parameter(schema = @Schema(type = SchemaType.STRING, examples = "2021-03")) @PathParam("period")
                    String period,
            @NotNull @Valid ScoreInput input) {
        String of = Days.period(period);
        double score = Objects.requireNonNull(input.score());
        return deadline.bound(scores.put(userId, of, score)).map(created -> RestResponse.ResponseBuilder.create(
                        created ? RestResponse.Status.CREATED : RestResponse.Status.OK, new Score(userId, of, score))
                .build());
    }
}

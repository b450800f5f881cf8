package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.Page;
import org.vitrina.http.RequestDeadline;
import org.vitrina.messaging.Redriven;

/** For operators: all products predicted anew, and dead letters taken up again. */
@Path("/ops")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "ops")
class PredictionsOpsResource {
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private final PredictionsOpsService ops;
    private final RequestDeadline deadline;

    PredictionsOpsResource(PredictionsOpsService ops, RequestDeadline deadline) {
        this.ops = ops;
        this.deadline = deadline;
    }

    @POST
    @Path("/recompute")
    @Operation(
            operationId = "recompute",
            summary = "Begins to predict all products anew, batch by batch; GET tells how far it is",
            description = "While the products of one are being sent, none is begun: its progress is the answer.")
    @APIResponse(
            responseCode = "202",
            description = "It is under way",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Recomputation.class)))
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline: look whether it has begun")
    public Uni<RestResponse<Recomputation>> recompute() {
        return deadline.bound(ops.recompute())
                .map(progress -> RestResponse.ResponseBuilder.create(RestResponse.Status.ACCEPTED, progress)
                        .build());
    }

    @GET
    @Path("/recompute")
    @Operation(operationId = "recomputation", summary = "How far the newest recomputation is")
    @APIResponse(responseCode = "200", description = "state is sending, waiting or done")
    @APIResponse(responseCode = "404", description = "There has been none")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<Recomputation> progress() {
        return deadline.bound(ops.progress());
    }

    @POST
    @Path("/redrive")
    @Operation(
            operationId = "redrive",
            summary = "Takes dead letters of products.changed and y_pred.predictions up again, oldest first",
            description = "Ask again until it answers 0.")
    @APIResponse(responseCode = "200", description = "How many were taken up")
    @APIResponse(responseCode = "400", description = "limit is no positive number")
    @APIResponse(responseCode = "503", description = "Not now: the broker or the database is away")
    @APIResponse(responseCode = "504", description = "Not within the deadline; what was taken up stays so")
    public Uni<Redriven> redrive(
            @Parameter(description = "How many at most, up to 1000; 100 if left out") @QueryParam("limit") @Nullable
                    String limit) {
        return deadline.bound(ops.redrive(Page.atMost(limit, USUAL, MOST)));
    }
}

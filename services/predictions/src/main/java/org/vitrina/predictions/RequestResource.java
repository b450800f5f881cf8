package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.RequestDeadline;
import org.vitrina.http.RequestIds;

/** Predictions that callers ask for and fetch later. */
@Path("/predictions/requests")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "requests")
class RequestResource {
    private static final String NO_STORE = "private, no-store";

    private final RequestService requests;
    private final RequestDeadline deadline;
    private final RequestIds ids;

    RequestResource(RequestService requests, RequestDeadline deadline, RequestIds ids) {
        this.requests = requests;
        this.deadline = deadline;
        this.ids = ids;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "requestPrediction",
            summary = "Asks the model for a prediction; Location is where it will be",
            description = "With a key (Idempotency-Key, else request_id, else X-Request-Id) it is asked once, however "
                    + "often it is sent; without one each call is a request of its own.")
    @APIResponse(
            responseCode = "202",
            description = "It is kept, and will be answered",
            headers = {
                @Header(
                        name = HttpHeaders.LOCATION,
                        description = "The request",
                        schema = @Schema(type = SchemaType.STRING)),
                @Header(
                        name = IdempotencyKey.REPLAYED,
                        description = "true, where the key stands for an earlier one",
                        schema = @Schema(type = SchemaType.STRING))
            },
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = PredictionRequest.class)))
    @APIResponse(responseCode = "400", description = "Not ten numbers, or a key of the wrong form")
    @APIResponse(responseCode = "409", description = "The same request is being served")
    @APIResponse(responseCode = "415", description = "The body is no JSON")
    @APIResponse(responseCode = "422", description = "The key was used for other features")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline: repeat it with the same key")
    public Uni<RestResponse<PredictionRequest>> ask(
            @Parameter(
                            description = "A name of the caller's for this request.",
                            schema = @Schema(type = SchemaType.STRING))
                    @HeaderParam(IdempotencyKey.HEADER)
                    List<String> keyHeader,
            @Parameter(
                            description = "The same for callers without headers.",
                            schema = @Schema(type = SchemaType.STRING))
                    @QueryParam(IdempotencyKey.PARAMETER)
                    List<String> keyParameter,
            @NotNull @Valid Features features) {
        return deadline.bound(requests.ask(features, key(keyHeader, keyParameter)))
                .map(asked -> {
                    var answer = RestResponse.ResponseBuilder.create(
                                    RestResponse.Status.ACCEPTED,
                                    new PredictionRequest(asked.id(), "pending", null, null))
                            .location(URI.create("/predictions/requests/" + asked.id()))
                            .header(HttpHeaders.CACHE_CONTROL, NO_STORE);
                    if (asked.replayed()) {
                        answer.header(IdempotencyKey.REPLAYED, true);
                    }
                    return answer.build();
                });
    }

    private @Nullable IdempotencyKey key(List<String> header, List<String> parameter) {
        return header.isEmpty() && parameter.isEmpty() && ids.callersRequestId() == null
                ? null
                : IdempotencyKey.of(header, parameter, ids);
    }

    @GET
    @Path("/{id}")
    @Operation(
            operationId = "predictionRequest",
            summary = "A request and, once the model has answered, its prediction")
    @APIResponse(
            responseCode = "200",
            description = "status is pending or done",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = PredictionRequest.class)))
    @APIResponse(responseCode = "400", description = "The id is no UUID")
    @APIResponse(responseCode = "404", description = "There is no such request, or it was too long ago")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<RestResponse<PredictionRequest>> find(@PathParam("id") UUID id) {
        return deadline.bound(requests.find(id)).map(found -> RestResponse.ResponseBuilder.ok(found)
                .header(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .build());
    }
}

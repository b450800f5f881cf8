package org.vitrina.predictions;

import io.smallrye.mutiny.Multi;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.VariantHeader;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.PathId;
import org.vitrina.http.RequestDeadline;
import org.vitrina.http.RequestIds;
import org.vitrina.identity.OwnData;

/** Predictions that callers ask for and fetch later. */
@Path("/predictions/requests")
@OwnData
@Produces(MediaType.APPLICATION_JSON)
class RequestResource {
    private static final String NO_STORE = "private, no-store";
    private static final String LAST = "Id of the last event that the caller has.";

    private final RequestService requests;
    private final RequestWatchers events;
    private final RequestDeadline deadline;
    private final RequestIds ids;

    RequestResource(RequestService requests, RequestWatchers events, RequestDeadline deadline, RequestIds ids) {
        this.requests = requests;
        this.events = events;
        this.deadline = deadline;
        this.ids = ids;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<PredictionRequest>> ask(
            @HeaderParam(IdempotencyKey.HEADER) List<String> keyHeader,
            @QueryParam(IdempotencyKey.PARAMETER) List<String> keyParameter,
            @Parameter(
                            description = "A UUID that the caller made: it is told of all answers to it, together",
                            schema = @Schema(implementation = UUID.class))
                    @QueryParam("client")
                    @Nullable
                    String client,
            @Parameter(hidden = true) @HeaderParam(VariantHeader.NAME) @Nullable String variant,
            @NotNull @Valid Features features) {
        String version = VariantHeader.of("predictions", variant);
        UUID told = client == null ? null : client(client);
        return deadline.bound(requests.ask(features, key(keyHeader, keyParameter), told, version))
                .map(asked -> {
                    var answer = RestResponse.ResponseBuilder.create(
                                    RestResponse.Status.ACCEPTED,
                                    new PredictionRequest(asked.id(), "pending", null, null))
                            .header(HttpHeaders.LOCATION, "/predictions/requests/" + asked.id())
                            .header(HttpHeaders.CACHE_CONTROL, NO_STORE);
                    if (asked.replayed()) {
                        answer.header(IdempotencyKey.REPLAYED, true);
                    }
                    return answer.build();
                });
    }

    private static UUID client(@Nullable String text) {
        return PathId.uuid("client", "a client", text == null ? "" : text);
    }

    private @Nullable IdempotencyKey key(List<String> header, List<String> parameter) {
        return header.isEmpty() && parameter.isEmpty() && ids.requestIdAsKey() == null
                ? null
                : IdempotencyKey.of(header, parameter, ids);
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<PredictionRequest>> find(@PathParam("id") UUID id) {
        return deadline.bound(requests.find(id)).map(found -> RestResponse.ResponseBuilder.ok(found)
                .header(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .build());
    }

    @GET
    @Path("/{id}/events")
    @StreamOfARequest
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @APIResponseSchema(PredictionRequest.class)
    public Multi<OutboundSseEvent> events(
            @PathParam("id") UUID id,
            @Parameter(description = LAST, schema = @Schema(type = SchemaType.STRING))
                    @HeaderParam("Last-Event-ID")
                    @Nullable
                    String last,
            @Context Sse sse) {
        return events.ofRequest(id, last, sse);
    }

    @GET
    @Path("/events")
    @StreamOfARequest
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @APIResponseSchema(PredictionRequest.class)
    public Multi<OutboundSseEvent> eventsOfAClient(
            @Parameter(
                            required = true,
                            description = "The UUID that the requests were sent with",
                            schema = @Schema(implementation = UUID.class))
                    @QueryParam("client")
                    @Nullable
                    String client,
            @Parameter(description = LAST, schema = @Schema(type = SchemaType.STRING))
                    @HeaderParam("Last-Event-ID")
                    @Nullable
                    String last,
            @Context Sse sse) {
        return events.ofClient(client(client), last, sse);
    }

    /** A look before the stream: refused as a problem, which a stream can no longer be. */
    @ServerRequestFilter
    @StreamOfARequest
    Uni<RestResponse<Void>> streamsOnlyWhatCanBe(UriInfo asked) {
        return Uni.createFrom()
                .deferred(() -> {
                    String id = asked.getPathParameters().getFirst("id");
                    return id == null
                            ? Uni.createFrom()
                                    .item(client(asked.getQueryParameters().getFirst("client")))
                            : deadline.bound(requests.find(PathId.uuid("id", "a request", id)));
                })
                .chain(found -> Uni.createFrom().nullItem());
    }
}

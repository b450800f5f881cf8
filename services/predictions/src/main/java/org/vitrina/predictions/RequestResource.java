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
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.RequestDeadline;
import org.vitrina.http.RequestIds;
import org.vitrina.identity.OwnData;

/** Predictions that callers ask for and fetch later. */
@Path("/predictions/requests")
@OwnData
@Produces(MediaType.APPLICATION_JSON)
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
    public Uni<RestResponse<PredictionRequest>> ask(
            @HeaderParam(IdempotencyKey.HEADER) List<String> keyHeader,
            @QueryParam(IdempotencyKey.PARAMETER) List<String> keyParameter,
            @NotNull @Valid Features features) {
        return deadline.bound(requests.ask(features, key(keyHeader, keyParameter)))
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
}

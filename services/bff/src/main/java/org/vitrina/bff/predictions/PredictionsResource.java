package org.vitrina.bff.predictions;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.Queries;
import org.vitrina.bff.upstream.ResponseRelay;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestIds;

/** {@code /predictions}: what the model says of products, and of features that a caller sends. */
@Path("/predictions")
@Produces(MediaType.APPLICATION_JSON)
@APIResponse(responseCode = "400", description = "An id, date, limit, key or the body is not valid")
@APIResponse(responseCode = "503", description = "The circuit of predictions is open, or overloaded; see Retry-After")
public class PredictionsResource {
    private static final String IF_NONE_MATCH = "If-None-Match";

    private final PredictionsClient predictions;
    private final BffConfig config;
    private final Scopes scopes;
    private final ResponseRelay relay;
    private final RequestIds ids;

    PredictionsResource(PredictionsClient predictions, BffConfig config, Scopes scopes, ResponseRelay relay, RequestIds ids) {
        this.predictions = predictions;
        this.config = config;
        this.scopes = scopes;
        this.relay = relay;
        this.ids = ids;
    }

    @GET
    @Path("/product/{id}")
    @Operation(summary = "A product's prediction: the latest, or the one valid at the end of ?date=")
    @APIResponse(responseCode = "200", description = "The prediction; Age and Cache-Status tell that it is stale")
    @APIResponse(responseCode = "304", description = "Unchanged since the given ETag")
    @APIResponse(responseCode = "404", description = "There is none")
    @APIResponse(responseCode = "500", description = "Predictions failed")
    @APIResponse(responseCode = "504", description = "Predictions did not answer in time")
    public Uni<RestResponse<byte[]>> ofProduct(
            @RestPath String id, @HeaderParam(IF_NONE_MATCH) @Nullable String known, @Context UriInfo asked) {
        int product = CurrentUser.number("id", id, Integer.MAX_VALUE);
        return read(
                "product/" + product + Queries.without("user_id", asked),
                known == null ? Map.of() : Map.of(IF_NONE_MATCH, known));
    }

    @GET
    @Path("/category/{id}")
    @Operation(summary = "The latest predictions of a category's products; limit and after as predictions has them")
    @APIResponse(responseCode = "200", description = "The list, and Link to the next page")
    @APIResponse(responseCode = "500", description = "Predictions failed")
    @APIResponse(responseCode = "504", description = "Predictions did not answer in time")
    public Uni<RestResponse<byte[]>> ofCategory(@RestPath String id, @Context UriInfo asked) {
        int category = CurrentUser.number("id", id, Integer.MAX_VALUE);
        return read("category/" + category + Queries.without("user_id", asked), Map.of());
    }

    @POST
    @Path("/requests")
    @PerUser
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Asks for a prediction of ten features, once a key where there is one")
    @APIResponse(responseCode = "202", description = "Accepted: Location is where it will be")
    @APIResponse(responseCode = "422", description = "The key was used for other features")
    @APIResponse(responseCode = "504", description = "outcome-unknown: repeat, with the same key if there was one")
    public Uni<RestResponse<byte[]>> ask(
            @HeaderParam(IdempotencyKey.HEADER) List<String> keyHeader,
            @RestQuery(IdempotencyKey.PARAMETER) List<String> keyParameter,
            byte[] features) {
        boolean named = !keyHeader.isEmpty() || !keyParameter.isEmpty() || ids.callersRequestId() != null;
        String key = named ? IdempotencyKey.of(keyHeader, keyParameter, ids).value() : null;
        return scopes.run(scope -> relay.write(
                "predictions",
                config.predictions(),
                predictions.ask(scope.within(config.predictions().timeout()), key, Buffer.buffer(features))));
    }

    @GET
    @Path("/requests/{id}")
    @PerUser
    @Operation(summary = "A request and, once there is one, its prediction")
    @APIResponse(responseCode = "200", description = "status is pending or done")
    @APIResponse(responseCode = "404", description = "There is no such request")
    @APIResponse(responseCode = "500", description = "Predictions failed")
    @APIResponse(responseCode = "504", description = "Predictions did not answer in time")
    public Uni<RestResponse<byte[]>> request(@RestPath UUID id) {
        return read("requests/" + id, Map.of());
    }

    private Uni<RestResponse<byte[]>> read(String rest, Map<String, String> headers) {
        return scopes.run(scope -> relay.read(
                "predictions",
                config.predictions(),
                predictions.read(scope.within(config.predictions().timeout()), rest, headers)));
    }
}

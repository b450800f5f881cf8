package org.vitrina.bff.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.Queries;
import org.vitrina.bff.upstream.ResponseRelay;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.Reply;
import org.vitrina.http.ETags;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestIds;
import org.vitrina.identity.OwnData;

/** {@code /predictions}: what the model says of products, and of features that a caller sends. */
@PermitAll
@Path("/predictions")
@Produces(MediaType.APPLICATION_JSON)
public class PredictionsResource {
    private final PredictionsClient predictions;
    private final BffConfig config;
    private final Scopes scopes;
    private final ResponseRelay relay;
    private final RequestIds ids;

    PredictionsResource(
            PredictionsClient predictions, BffConfig config, Scopes scopes, ResponseRelay relay, RequestIds ids) {
        this.predictions = predictions;
        this.config = config;
        this.scopes = scopes;
        this.relay = relay;
        this.ids = ids;
    }

    @GET
    @Path("/product/{id}")
    public Uni<RestResponse<byte[]>> ofProduct(
            @RestPath String id, @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> known, @Context UriInfo asked) {
        int product = CurrentUser.number("id", id, Integer.MAX_VALUE);
        return read(
                predictions.ofProduct(scopes.open(), product, Queries.only(Set.of("date"), asked), ETags.field(known)));
    }

    @GET
    @Path("/category/{id}")
    public Uni<RestResponse<byte[]>> ofCategory(@RestPath String id, @Context UriInfo asked) {
        int category = CurrentUser.number("id", id, Integer.MAX_VALUE);
        return read(predictions.ofCategory(scopes.open(), category, Queries.only(Set.of("limit", "after"), asked)));
    }

    @POST
    @Path("/requests")
    @OwnData
    @PerUser
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> ask(
            @HeaderParam(IdempotencyKey.HEADER) List<String> keyHeader,
            @RestQuery(IdempotencyKey.PARAMETER) List<String> keyParameter,
            byte[] features) {
        boolean named = !keyHeader.isEmpty() || !keyParameter.isEmpty() || ids.requestIdAsKey() != null;
        String key = named ? IdempotencyKey.of(keyHeader, keyParameter, ids).asSent() : null;
        return relay.write("predictions", config.predictions(), predictions.ask(scopes.open(), key, features));
    }

    @GET
    @Path("/requests/{id}")
    @OwnData
    @PerUser
    public Uni<RestResponse<byte[]>> request(@RestPath UUID id) {
        return read(predictions.request(scopes.open(), id));
    }

    private Uni<RestResponse<byte[]>> read(Uni<Reply> reply) {
        return relay.read("predictions", config.predictions(), reply);
    }
}

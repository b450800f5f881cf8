package org.vitrina.bff.predictions;

import io.smallrye.mutiny.Multi;
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
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.EventRelay;
import org.vitrina.bff.upstream.Queries;
import org.vitrina.bff.upstream.ResponseRelay;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.Reply;
import org.vitrina.http.ETags;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.PathId;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestIds;
import org.vitrina.identity.OwnData;

/** {@code /predictions}: what the model says of products, and of features that a caller sends. */
@PermitAll
@Path("/predictions")
@Produces(MediaType.APPLICATION_JSON)
public class PredictionsResource {
    private static final String CLIENT = "client";

    private final PredictionsClient predictions;
    private final BffConfig config;
    private final CurrentUser currentUser;
    private final Scopes scopes;
    private final ResponseRelay relay;
    private final RequestIds ids;
    private final EventRelay streams;

    PredictionsResource(
            PredictionsClient predictions,
            BffConfig config,
            CurrentUser currentUser,
            Scopes scopes,
            ResponseRelay relay,
            RequestIds ids,
            EventRelay streams) {
        this.predictions = predictions;
        this.config = config;
        this.currentUser = currentUser;
        this.scopes = scopes;
        this.relay = relay;
        this.ids = ids;
        this.streams = streams;
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
            @Context UriInfo asked,
            byte[] features) {
        boolean named = !keyHeader.isEmpty() || !keyParameter.isEmpty() || ids.requestIdAsKey() != null;
        String key = named ? IdempotencyKey.of(keyHeader, keyParameter, ids).asSent() : null;
        return relay.write(
                "predictions",
                config.predictions(),
                predictions.ask(scopes.open(), Queries.only(Set.of(CLIENT), asked), key, features));
    }

    @GET
    @Path("/requests/{id}")
    @OwnData
    @PerUser
    public Uni<RestResponse<byte[]>> request(@RestPath UUID id) {
        return read(predictions.request(scopes.open(), id));
    }

    @GET
    @Path("/requests/{id}/events")
    @OwnData
    @PerUser
    @StreamOfARequest
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(
            @RestPath UUID id, @HeaderParam("Last-Event-ID") @Nullable String lastSeen, @Context Sse sse) {
        return streams.relay(predictions.events(scopes.open(), id, lastSeen), sse);
    }

    @GET
    @Path("/requests/events")
    @OwnData
    @PerUser
    @StreamOfARequest
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> clientEvents(
            @RestQuery(CLIENT) @Nullable String client,
            @HeaderParam("Last-Event-ID") @Nullable String lastSeen,
            @Context Sse sse) {
        return streams.relay(predictions.clientEvents(scopes.open(), client(client), lastSeen), sse);
    }

    /** A plain read before the stream: guarded, and refused as a problem, which a stream can no longer be. */
    @ServerRequestFilter
    @StreamOfARequest
    Uni<RestResponse<byte[]>> streamsOnlyWhatCanBe(UriInfo asked) {
        String id = asked.getPathParameters().getFirst("id");
        if (id != null) {
            return read(predictions.request(scopes.open(), PathId.uuid("id", "a request", id)))
                    .replaceWithNull();
        }
        client(asked.getQueryParameters().getFirst(CLIENT));
        return Uni.createFrom().nullItem();
    }

    private static UUID client(@Nullable String text) {
        return PathId.uuid(CLIENT, "a client", text == null ? "" : text);
    }

    @GET
    @Path("/score")
    @OwnData
    @PerUser
    public Uni<RestResponse<byte[]>> score(@RestQuery("user_id") @Nullable String userId, @Context UriInfo asked) {
        return read(predictions.score(scopes.open(), currentUser.user(userId), Queries.only(Set.of("date"), asked)));
    }

    @GET
    @Path("/parameters/classifier/{id}")
    public Uni<RestResponse<byte[]>> classifier(
            @RestPath String id, @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> known) {
        int classifier = CurrentUser.number("id", id, Integer.MAX_VALUE);
        return read(predictions.classifier(scopes.open(), classifier, ETags.field(known)));
    }

    private Uni<RestResponse<byte[]>> read(Uni<Reply> reply) {
        return relay.read("predictions", config.predictions(), reply);
    }
}

package org.vitrina.bff.orders;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import java.util.Set;
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
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestIds;
import org.vitrina.identity.OwnData;

/**
 * {@code /api/v1/orders}: the orders service's own answers, inside the BFF's budget. Checkout is honest: what is not decided
 * in time is 202 by orders, and a silence is 504 {@code outcome-unknown} with the key to repeat.
 */
@OwnData
@Path("/api/v1/orders")
@PerUser
@Produces(MediaType.APPLICATION_JSON)
public class OrdersResource {
    private final OrdersClient orders;
    private final BffConfig config;
    private final CurrentUser currentUser;
    private final Scopes scopes;
    private final ResponseRelay relay;
    private final RequestIds ids;
    private final EventRelay streams;

    OrdersResource(
            OrdersClient orders,
            BffConfig config,
            CurrentUser currentUser,
            Scopes scopes,
            ResponseRelay relay,
            RequestIds ids,
            EventRelay streams) {
        this.orders = orders;
        this.config = config;
        this.currentUser = currentUser;
        this.scopes = scopes;
        this.relay = relay;
        this.ids = ids;
        this.streams = streams;
    }

    @GET
    public Uni<RestResponse<byte[]>> list(@RestQuery("user_id") @Nullable String userId, @Context UriInfo asked) {
        int user = currentUser.user(userId);
        MultivaluedMap<String, String> query = Queries.only(Set.of("limit", "before"), asked);
        query.putSingle("user_id", Integer.toString(user));
        return read(orders.list(scopes.open(), query));
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<byte[]>> order(@RestPath String id, @RestQuery("user_id") @Nullable String userId) {
        return read(orders.order(scopes.open(), id, currentUser.user(userId)));
    }

    @GET
    @Path("/{id}/events")
    @StreamOfAnOrder
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(
            @RestPath String id,
            @HeaderParam("Last-Event-ID") @Nullable String lastSeen,
            @RestQuery("user_id") @Nullable String userId,
            @Context Sse sse) {
        return streams.relay(orders.events(scopes.open(), id, currentUser.user(userId), lastSeen), sse);
    }

    /** A plain read before the stream: guarded, and refused as a problem, which a stream can no longer be. */
    @ServerRequestFilter
    @StreamOfAnOrder
    Uni<RestResponse<byte[]>> streamsOnlyAnOrderThatIsThere(UriInfo asked) {
        String id = asked.getPathParameters().getFirst("id");
        int user = currentUser.user(asked.getQueryParameters().getFirst("user_id"));
        return read(orders.order(scopes.open(), id, user)).replaceWithNull();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> place(
            @HeaderParam(IdempotencyKey.HEADER) List<String> keyHeader,
            @RestQuery(IdempotencyKey.PARAMETER) List<String> keyParameter,
            @HeaderParam("If-Match") List<String> versions,
            @RestQuery("user_id") @Nullable String userId,
            byte[] order) {
        // Named here: to orders the X-Request-Id that we send on is nobody's key.
        String key = IdempotencyKey.of(keyHeader, keyParameter, ids).asSent();
        return write(orders.place(scopes.open(), currentUser.user(userId), key, list(versions), order));
    }

    @DELETE
    @Path("/{id}")
    public Uni<RestResponse<byte[]>> cancel(
            @RestPath String id,
            @HeaderParam("If-Match") List<String> versions,
            @RestQuery("user_id") @Nullable String userId) {
        return write(orders.cancel(scopes.open(), id, currentUser.user(userId), list(versions)));
    }

    /** Several lines of the header are one list. */
    private static @Nullable String list(List<String> versions) {
        return versions.isEmpty() ? null : String.join(", ", versions);
    }

    private Uni<RestResponse<byte[]>> read(Uni<Reply> reply) {
        return relay.read("orders", config.orders(), reply);
    }

    private Uni<RestResponse<byte[]>> write(Uni<Reply> reply) {
        return relay.write("orders", config.orders(), reply);
    }
}

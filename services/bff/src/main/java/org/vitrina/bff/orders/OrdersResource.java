package org.vitrina.bff.orders;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.vitrina.client.CallScope;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestIds;

/**
 * {@code /api/v1/orders}: the orders service's own answers, inside the BFF's budget. Checkout is honest: what is not decided
 * in time is 202 by orders, and a silence is 504 {@code outcome-unknown} with the key to repeat.
 */
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
        String query = Queries.without("user_id", asked);
        return read((query.isEmpty() ? "?" : query + "&") + "user_id=" + user);
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<byte[]>> order(@RestPath String id, @RestQuery("user_id") @Nullable String userId) {
        return read(encoded(id) + "?user_id=" + currentUser.user(userId));
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
        String rest = encoded(id) + "/events?user_id=" + currentUser.user(userId);
        return scopes.run(scope -> Uni.createFrom().item(scope))
                .onItem()
                .transformToMulti(scope -> streams.relay(orders.events(scope, rest, lastSeen), sse));
    }

    /** A plain read before the stream: guarded, and refused as a problem, which a stream can no longer be. */
    @ServerRequestFilter
    @StreamOfAnOrder
    Uni<RestResponse<byte[]>> streamsOnlyAnOrderThatIsThere(UriInfo asked) {
        String id = asked.getPathParameters().getFirst("id");
        String user = "?user_id=" + currentUser.user(asked.getQueryParameters().getFirst("user_id"));
        return scopes.run(scope -> asked(scope, encoded(id) + user)).replaceWithNull();
    }

    private Uni<RestResponse<byte[]>> asked(CallScope scope, String rest) {
        return relay.read(
                "orders",
                config.orders(),
                orders.send(scope.within(config.orders().timeout()), HttpMethod.GET, rest, Map.of(), null));
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
        String key = IdempotencyKey.of(keyHeader, keyParameter, ids).value();
        Map<String, String> headers = new HashMap<>();
        headers.put(IdempotencyKey.HEADER, key);
        headers.put("Content-Type", MediaType.APPLICATION_JSON);
        headers.putAll(condition(versions));
        return write(HttpMethod.POST, "?user_id=" + currentUser.user(userId), headers, Buffer.buffer(order));
    }

    @DELETE
    @Path("/{id}")
    public Uni<RestResponse<byte[]>> cancel(
            @RestPath String id,
            @HeaderParam("If-Match") List<String> versions,
            @RestQuery("user_id") @Nullable String userId) {
        return write(
                HttpMethod.DELETE, encoded(id) + "/?user_id=" + currentUser.user(userId), condition(versions), null);
    }

    /** Several lines of the header are one list. */
    private static Map<String, String> condition(List<String> versions) {
        return versions.isEmpty() ? Map.of() : Map.of("If-Match", String.join(", ", versions));
    }

    private Uni<RestResponse<byte[]>> read(String rest) {
        return scopes.run(scope -> asked(scope, rest));
    }

    private Uni<RestResponse<byte[]>> write(
            HttpMethod method, String rest, Map<String, String> headers, @Nullable Buffer body) {
        return scopes.run(scope -> relay.write(
                "orders",
                config.orders(),
                orders.send(scope.within(config.orders().timeout()), method, rest, headers, body)));
    }

    /** As it may stand in a path: nothing that a caller writes may lead elsewhere. */
    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}

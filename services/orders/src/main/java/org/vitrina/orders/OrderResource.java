package org.vitrina.orders;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.ETags;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.http.Page;
import org.vitrina.http.PathId;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestDeadline;
import org.vitrina.http.RequestIds;
import org.vitrina.identity.CurrentCaller;
import org.vitrina.identity.OwnData;

/** Orders over HTTP. */
@Path("/api/v1/orders")
@OwnData
@PerUser
@Produces(MediaType.APPLICATION_JSON)
class OrderResource {
    private static final int DEFAULT_PAGE = 20;
    private static final int LARGEST_PAGE = 100;

    private static final String IF_MATCH =
            "The orders, as a whole, that the caller knows: ETag or fingerprint, quoted or not, a list, or *.";

    private final OrderService orders;
    private final OrderWatchers events;
    private final RequestDeadline deadline;
    private final RequestIds ids;
    private final CurrentCaller callers;
    private final int defaultUser;
    private final Duration readDeadline;

    OrderResource(
            OrderService orders,
            OrderWatchers events,
            RequestDeadline deadline,
            RequestIds ids,
            CurrentCaller callers,
            OrdersConfig config) {
        this.orders = orders;
        this.events = events;
        this.deadline = deadline;
        this.ids = ids;
        this.callers = callers;
        this.defaultUser = config.defaultUser();
        this.readDeadline = config.readDeadline();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<OrderView>> place(
            @QueryParam("user_id") @Nullable String userId,
            @HeaderParam(IdempotencyKey.HEADER) List<String> header,
            @QueryParam(IdempotencyKey.PARAMETER) List<String> parameter,
            @Parameter(description = IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
            @NotNull @Valid OrderInput input) {
        int user = user(userId);
        IdempotencyKey key = IdempotencyKey.of(header, parameter, ids);
        NewOrder wanted = NewOrder.of(input);
        return deadline.bound(orders.place(user, key, wanted, condition(ifMatch)))
                .map(answer -> {
                    var response = response(answer)
                            .header(
                                    HttpHeaders.LOCATION,
                                    "/api/v1/orders/" + answer.order().orderId());
                    return (answer.replayed() ? response.header(IdempotencyKey.REPLAYED, "true") : response).build();
                });
    }

    @GET
    public Uni<RestResponse<OrdersView>> list(
            @QueryParam("user_id") @Nullable String userId,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "100",
                                            defaultValue = "20"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @QueryParam("before") @Nullable String before,
            @Context UriInfo uri) {
        int user = user(userId);
        int most = Page.limit(limit, DEFAULT_PAGE, LARGEST_PAGE);
        UUID cursor = before == null ? null : id("before", before);
        // one more than asked: it only tells that there is a next page
        return deadline.bound(readDeadline, orders.page(user, cursor, most + 1)).map(page -> {
            Page<Order> shown = Page.of(page.orders(), most);
            var answer = RestResponse.ResponseBuilder.ok(new OrdersView(
                            shown.items().stream().map(OrderView::of).toList(),
                            page.tag().fingerprint()))
                    .header(HttpHeaders.ETAG, page.tag().etag());
            return shown.link(answer, uri, "before", Order::id).build();
        });
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<OrderView>> get(
            @Parameter(schema = @Schema(type = SchemaType.STRING, format = "uuid")) @PathParam("id") String id,
            @QueryParam("user_id") @Nullable String userId) {
        return deadline.bound(readDeadline, orders.get(user(userId), id("id", id)))
                .map(answer -> response(answer).build());
    }

    @GET
    @Path("/{id}/events")
    @StreamOfAnOrder
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @APIResponseSchema(OrderView.class)
    public Multi<OutboundSseEvent> events(
            @Parameter(schema = @Schema(type = SchemaType.STRING, format = "uuid")) @PathParam("id") String id,
            @QueryParam("user_id") @Nullable String userId,
            @Parameter(
                            description = "Id of the last event that the caller has.",
                            schema = @Schema(type = SchemaType.STRING))
                    @HeaderParam("Last-Event-ID")
                    @Nullable
                    String last,
            @Context Sse sse) {
        return events.stream(user(userId), id("id", id), last, sse);
    }

    /** A look before the stream: refused as a problem, which a stream can no longer be. */
    @ServerRequestFilter
    @StreamOfAnOrder
    Uni<RestResponse<Void>> streamsOnlyAnOrderThatIsThere(UriInfo asked) {
        return Uni.createFrom()
                .deferred(() -> deadline.bound(
                        readDeadline,
                        orders.get(
                                user(asked.getQueryParameters().getFirst("user_id")),
                                id("id", asked.getPathParameters().getFirst("id")))))
                .chain(found -> Uni.createFrom().nullItem());
    }

    @DELETE
    @Path("/{id}")
    public Uni<RestResponse<OrderView>> cancel(
            @Parameter(schema = @Schema(type = SchemaType.STRING, format = "uuid")) @PathParam("id") String id,
            @QueryParam("user_id") @Nullable String userId,
            @Parameter(description = IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch) {
        return deadline.bound(orders.cancel(user(userId), id("id", id), condition(ifMatch)))
                .map(answer -> response(answer).build());
    }

    private int user(@Nullable String userId) {
        return userId == null ? callers.user(defaultUser) : PathId.parse("user_id", userId);
    }

    static UUID id(String name, String text) {
        return PathId.uuid(name, "an order", text);
    }

    private static @Nullable String condition(List<String> ifMatch) {
        return ifMatch.isEmpty() ? null : ETags.field(ifMatch);
    }

    private static RestResponse.ResponseBuilder<OrderView> response(OrderAnswer answer) {
        return RestResponse.ResponseBuilder.create(RestResponse.Status.fromStatusCode(answer.status()), answer.order())
                .header(HttpHeaders.ETAG, answer.etag());
    }
}

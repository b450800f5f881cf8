package org.vitrina.http.demo;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.Money;
import org.vitrina.core.ProblemException;
import org.vitrina.http.ETags;
import org.vitrina.http.Page;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestDeadline;
import org.vitrina.http.RequestIds;

/** A service that has one of everything that this module decides. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public class DemoResource {
    public static final AtomicInteger CANCELLED = new AtomicInteger();
    public static final AtomicInteger STREAMS_LEFT = new AtomicInteger();
    public static final AtomicInteger BIG_ANSWERS = new AtomicInteger();

    public enum Colour {
        RED,
        GREEN
    }

    /** Fails while it is written. */
    public static class Unwritable {
        public String getSecret() {
            throw new IllegalStateException("secret");
        }
    }

    public record Line(@Min(1) @Max(999) int quantity) {}

    public record Order(
            @NotNull String shippingTo,
            Long note,
            Boolean gift,
            Money total,
            Colour colour,
            @Size(max = 100) List<@NotNull @Valid Line> lines) {}

    private final RequestDeadline deadline;
    private final RequestIds ids;

    public DemoResource(RequestDeadline deadline, RequestIds ids) {
        this.deadline = deadline;
        this.ids = ids;
    }

    @GET
    @Path("things/{id}")
    public Uni<Map<String, Integer>> thing(@PathParam("id") int id) {
        return Uni.createFrom().item(Map.of("thing_id", id));
    }

    @GET
    @Path("papers/{id}")
    public Map<String, String> paper(@PathParam("id") UUID id) {
        return Map.of("paper_id", id.toString());
    }

    @GET
    @Path("things")
    public Response things(
            @Context UriInfo uri,
            @QueryParam("limit") Integer limit,
            @QueryParam("colour") Colour colour,
            @QueryParam("day") LocalDate day,
            @QueryParam("flag") Boolean flag) {
        return Response.ok(List.of()).header("Link", Page.next(uri, "after", 7)).build();
    }

    /** Only asked where it is to be measured for the first time. */
    @GET
    @Path("rarities/{id}")
    public String rarity(@PathParam("id") int id) {
        return "{}";
    }

    /** How many listeners wait for the end of the connection that asks. */
    @GET
    @Path("listeners")
    public int listeners(@Context HttpServerRequest request) throws ReflectiveOperationException {
        Object end = ((ConnectionBase) request.connection()).channel().closeFuture();
        int count = 0;
        for (Class<?> type = end.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals("listener") || field.getName().equals("listeners")) {
                    field.setAccessible(true);
                    Object kept = field.get(end);
                    if (kept != null) {
                        Field size = field(kept.getClass(), "size");
                        count += size == null ? 1 : size.getInt(kept);
                    }
                }
            }
        }
        return count;
    }

    private static Field field(Class<?> type, String name) {
        for (Field field : type.getDeclaredFields()) {
            if (field.getName().equals(name)) {
                field.setAccessible(true);
                return field;
            }
        }
        return null;
    }

    @GET
    @Path("places")
    public Response place() {
        return Response.ok("{}").header("Location", "/things/7").build();
    }

    @POST
    @Path("orders/")
    @Consumes(MediaType.APPLICATION_JSON)
    public Order order(@Valid @NotNull Order order) {
        return order;
    }

    @POST
    @Path("size")
    @Consumes(MediaType.TEXT_PLAIN)
    public Uni<Map<String, Integer>> size(String body) {
        return Uni.createFrom().item(Map.of("size", body.length()));
    }

    @PUT
    @Path("versions/{id}")
    public Response version(@PathParam("id") int id, @Context HttpHeaders headers) {
        String ifMatch = ETags.field(headers.getRequestHeader("If-Match"));
        return ETags.matches(ifMatch, ETags.of(5))
                ? Response.ok("{}").tag("5").build()
                : Response.status(412).build();
    }

    @DELETE
    @Path("things/{id}")
    public Uni<Void> delete(@PathParam("id") int id) {
        return Uni.createFrom().voidItem();
    }

    @GET
    @Path("gone")
    public Uni<String> gone() {
        return Uni.createFrom()
                .failure(new ProblemException(
                                new ErrorCode("out-of-stock", 409, false, "Out of stock"),
                                "Too little of product 7.",
                                Map.of("product_ids", List.of(7)),
                                Map.of("X-Why", "stock"))
                        .retryAfter(Duration.ofMillis(1500)));
    }

    @GET
    @Path("bug")
    public Uni<String> bug() {
        return Uni.createFrom().failure(new IllegalStateException("select secret from org.vitrina.Table"));
    }

    @GET
    @Path("bug-at-once")
    public String bugAtOnce() {
        throw new IllegalStateException("secret");
    }

    @GET
    @Path("unwritable")
    public Object unwritable() {
        return new Unwritable();
    }

    @GET
    @Path("mine")
    @PerUser
    public String mine(@QueryParam("fail") boolean fail) {
        if (fail) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "Nothing of yours.");
        }
        return "{}";
    }

    @GET
    @Path("ids")
    public Map<String, String> ids() {
        return Map.of(
                "request_id", String.valueOf(ids.requestId()),
                "key", String.valueOf(ids.requestIdAsKey()),
                "traceparent", String.valueOf(ids.traceparent()),
                "trace_id", String.valueOf(ids.traceId()),
                "left", String.valueOf(deadline.current().remainingMillis()));
    }

    @GET
    @Path("big")
    public Uni<byte[]> big() {
        BIG_ANSWERS.incrementAndGet();
        return Uni.createFrom().item("a".repeat(200_000).getBytes(StandardCharsets.US_ASCII));
    }

    @GET
    @Path("slow")
    public Uni<String> slow(@QueryParam("millis") long millis, @HeaderParam("X-Any") String any) {
        return deadline.bound(Uni.createFrom()
                .item("{}")
                .onItem()
                .delayIt()
                .by(Duration.ofMillis(millis))
                .onCancellation()
                .invoke(CANCELLED::incrementAndGet));
    }

    /** Takes event loop, a millisecond or two, and gives it back between its pieces, as a page of many calls does. */
    @GET
    @Path("busy")
    public Uni<String> busy() {
        return piece(4);
    }

    private static Uni<String> piece(int left) {
        long until = System.nanoTime() + 400_000;
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
        if (left == 0) {
            return Uni.createFrom().item("{}");
        }
        return Uni.createFrom()
                .<Void>emitter(
                        emitter -> io.vertx.core.Vertx.currentContext().runOnContext(ignored -> emitter.complete(null)))
                .onItem()
                .transformToUni(ignored -> piece(left - 1));
    }

    @GET
    @Path("stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.TEXT_PLAIN)
    public Multi<String> stream(@QueryParam("every") @DefaultValue("50") long millis) {
        return Multi.createFrom()
                .ticks()
                .every(Duration.ofMillis(millis))
                .onOverflow()
                .drop()
                .map(String::valueOf)
                .onCancellation()
                .invoke(STREAMS_LEFT::incrementAndGet);
    }
}

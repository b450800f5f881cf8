package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.orders.OrdersClient;
import org.vitrina.bff.upstream.ResponseRelay;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Replies;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.PathId;
import org.vitrina.identity.Roles;

/** {@code /ops/orders}: what one order has been through, for operators; JSON for programs, a page for people. */
@RolesAllowed(Roles.OPERATOR)
@Path("/ops/orders")
public class OrderPastOpsResource {
    private final OrdersClient orders;
    private final BffConfig config;
    private final ResponseRelay relay;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    OrderPastOpsResource(
            OrdersClient orders, BffConfig config, ResponseRelay relay, Pages pages, Visits visits, Scopes scopes) {
        this.orders = orders;
        this.config = config;
        this.relay = relay;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    /** From the form of the resilience page. */
    @GET
    @Produces(PageGate.HTML)
    @Operation(hidden = true)
    public RestResponse<String> find(@RestQuery @Nullable String id) {
        String wanted = id == null ? "" : id.strip();
        return Pages.seeOther(visits.current(), "/ops/orders/" + PathId.uuid("id", "an order", wanted));
    }

    @GET
    @Path("/{id}")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<byte[]>> history(@RestPath String id) {
        return relay.read(
                "orders",
                config.orders(),
                orders.history(scopes.open(), PathId.uuid("id", "an order", id).toString()));
    }

    @GET
    @Path("/{id}")
    @Produces(PageGate.HTML)
    @Operation(hidden = true)
    public RestMulti<byte[]> page(@RestPath String id) {
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        String wanted = PathId.uuid("id", "an order", id).toString();
        Uni<Pages.Found> found = orders.history(scope, wanted).onItemOrFailure().transform((reply, failure) -> {
            if (failure instanceof CallFailure) {
                return found(visit.words().failedHeading(), Pages.missing(visit));
            }
            if (reply.status() == 404) {
                throw new ProblemException(ErrorCode.NOT_FOUND, "There is no order " + wanted + ".");
            }
            OrderPast past = OrderPast.of(Replies.object("orders", Replies.ok("orders", reply)), visit);
            return found(visit.words().order(OrderReads.shortId(past.id())), visit.render(Templates.orderPast(past)));
        });
        return pages.page(visit, scope, found);
    }

    private static Pages.Found found(String title, String content) {
        return new Pages.Found(title, "ops", "plain", List.of(Multi.createFrom().item(content)));
    }
}

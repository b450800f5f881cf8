package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
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
import org.vitrina.bff.orders.OrdersClient;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.OwnData;

/** {@code /shop/orders}: the user's orders, one of them, and its cancel. */
@OwnData
@Path("/shop/orders")
@Produces(PageGate.HTML)
public class OrderPagesResource {
    private static final String ID = "/{id: [0-9a-fA-F-]{36}}";

    private final OrdersClient orders;
    private final OrderReads reads;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    OrderPagesResource(OrdersClient orders, OrderReads reads, Pages pages, Visits visits, Scopes scopes) {
        this.orders = orders;
        this.reads = reads;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> orders(@RestQuery @Nullable String before) {
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<String> content = reads.page(scope, before, visit).map(found -> visit.render(Templates.orders(found)));
        return pages.page(visit, scope, visit.words().orders(), "orders", content);
    }

    @GET
    @Path(ID)
    @Operation(hidden = true)
    public RestMulti<byte[]> order(@RestPath String id) {
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<Pages.Found> found = reads.order(scope, id, visit).onItemOrFailure().transform((order, failure) -> {
            if (failure instanceof CallFailure) {
                return found(visit.words().failedHeading(), Pages.missing(visit));
            }
            if (order == null) {
                throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such order of this user.");
            }
            return found(
                    visit.words().order(order.shortId()),
                    visit.render(Templates.order(order, Notices.without(visit.path()))));
        });
        return pages.page(visit, scope, found);
    }

    /** Safe to send again: what is cancelled stays so. */
    @POST
    @Path(ID + "/cancel")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> cancel(@RestPath String id, String body) {
        String path = "/shop/orders/" + id;
        return visits.form(
                body, "/shop/orders", (visit, form) -> Outcome.of(orders.cancel(scopes.open(), id, visit.user(), null))
                        .map(done -> switch (done.kind()) {
                            case DONE -> Pages.seeOther(visit, path, done.status() == 202 ? "cancelling" : "cancelled");
                            case REFUSED -> Pages.seeOther(visit, path, "refused");
                            case NOT_DONE, UNKNOWN -> pages.repeat(visit, done, path + "/cancel", form);
                        }));
    }

    private static Pages.Found found(String title, String content) {
        return new Pages.Found(
                title, "orders", "plain", List.of(Multi.createFrom().item(content)));
    }
}

package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.bff.cart.CartClient;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.identity.OwnData;

/** {@code /shop/cart}: the cart as a page, and what its forms do. Each is idempotent: sent twice it does the same once. */
@OwnData
@Path("/shop/cart")
@Produces(PageGate.HTML)
public class CartPageResource {
    private static final String PATH = "/shop/cart";
    private static final int AT_ONCE = 4;

    private final CartClient cart;
    private final CartLines lines;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    CartPageResource(CartClient cart, CartLines lines, Pages pages, Visits visits, Scopes scopes) {
        this.cart = cart;
        this.lines = lines;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> cart() {
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<String> content = lines.inCart(scope, visit).map(view -> visit.render(Templates.cart(view)));
        return pages.page(visit, scope, visit.words().cart(), "cart", content);
    }

    /** Puts one piece in; a product that is there keeps its quantity, so that a click too many changes nothing. */
    @POST
    @Path("/add")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> add(String body) {
        return visits.form(body, PATH, (visit, form) -> {
            int product = form.product();
            CallScope scope = scopes.open();
            return lines.quantities(scope, visit.user())
                    .chain(there -> there.containsKey(product)
                            ? Uni.createFrom().item("was-in-cart")
                            : put(scope, visit, product, 1).map(done -> done.isDone() ? "added" : Notices.code(done)))
                    .onFailure(CallFailure.class)
                    .recoverWithItem("not-done")
                    .map(code -> Pages.seeOther(visit, Notices.back(form.text("back")), code));
        });
    }

    /** Puts the lines of an order that came to nothing back; a product that is there again keeps its quantity. */
    @POST
    @Path("/put-back")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> putBack(String body) {
        return visits.form(body, PATH, (visit, form) -> {
            List<Form.Line> wanted = form.lines();
            CallScope scope = scopes.open();
            return lines.quantities(scope, visit.user())
                    .onItem()
                    .transformToMulti(there ->
                            Multi.createFrom().iterable(wanted).filter(line -> !there.containsKey(line.product())))
                    .onItem()
                    .transformToUni(line -> put(scope, visit, line.product(), line.quantity()))
                    .merge(AT_ONCE)
                    .filter(done -> !done.isDone())
                    .map(Notices::code)
                    .collect()
                    .first()
                    .map(failed -> failed == null ? "put-back" : failed)
                    .onFailure(CallFailure.class)
                    .recoverWithItem("not-done")
                    .map(code -> Pages.seeOther(visit, PATH, code));
        });
    }

    @POST
    @Path("/set")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> set(String body) {
        return visits.form(body, PATH, (visit, form) -> {
            int product = form.product();
            return put(scopes.open(), visit, product, form.number("quantity", Form.MOST_PIECES))
                    .map(done -> Pages.seeOther(visit, PATH, Notices.code(done)));
        });
    }

    @POST
    @Path("/remove")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> remove(String body) {
        return visits.form(body, PATH, (visit, form) -> {
            int product = form.product();
            return Outcome.of(cart.delete(scopes.open(), visit.user(), product))
                    .map(done -> Pages.seeOther(visit, PATH, Notices.code(done)));
        });
    }

    private Uni<Outcome> put(CallScope scope, Visit visit, int product, int quantity) {
        byte[] line = new JsonObject().put("quantity", quantity).encode().getBytes(StandardCharsets.UTF_8);
        return Outcome.of(cart.put(scope, visit.user(), product, line));
    }
}

package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.bff.cart.CartClient;
import org.vitrina.bff.orders.OrdersClient;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.CallScope;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.IdempotencyKey;

/**
 * {@code /shop/checkout}: the cart becomes an order. The form carries its own key, the prices that were seen and the version of
 * the user's orders: sent twice, after a lost answer or from an old tab it is one order, and the page says so.
 */
@Path("/shop/checkout")
@Produces(PageGate.HTML)
public class CheckoutResource {
    private static final String PATH = "/shop/checkout";
    private static final int MOST_PIECES = 999;

    private final OrdersClient orders;
    private final OrderReads reads;
    private final CartClient cart;
    private final CartLines lines;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    CheckoutResource(
            OrdersClient orders,
            OrderReads reads,
            CartClient cart,
            CartLines lines,
            Pages pages,
            Visits visits,
            Scopes scopes) {
        this.orders = orders;
        this.reads = reads;
        this.cart = cart;
        this.lines = lines;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    /**
     * The form.
     *
     * @param key this form's own
     * @param version of the user's orders; empty where it cannot be had, then it is not judged
     */
    public record View(CartLines.View cart, String key, String version) {}

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> checkout() {
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<String> version = reads.version(scope, visit.user());
        Uni<String> content = Uni.combine()
                .all()
                .unis(lines.inCart(scope, visit), version)
                .with((inCart, known) -> visit.render(
                        Templates.checkout(new View(inCart, UUID.randomUUID().toString(), known))));
        return pages.page(visit, scope, visit.words().checkout(), "cart", content);
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> place(String body) {
        Visit visit = visits.current();
        Form form = Form.read(body);
        String key = IdempotencyKey.parse(form.text("key")).asSent();
        String version = form.text("version");
        CallScope scope = scopes.open();
        return Outcome.of(orders.place(scope, visit.user(), key, version.isEmpty() ? null : version, order(form)))
                .chain(done -> answer(done, scope, visit, form));
    }

    private Uni<RestResponse<String>> answer(Outcome done, CallScope scope, Visit visit, Form form) {
        return switch (done.kind()) {
            case DONE -> {
                String told = done.replayed() ? "placed-before" : done.status() == 202 ? "pending" : "placed";
                RestResponse<String> order =
                        Pages.seeOther("/shop/orders/" + done.body().getValue("order_id") + "?told=" + told);
                // what was put into the cart since is not to be lost to a form that is sent once more
                yield done.replayed()
                        ? Uni.createFrom().item(order)
                        : Outcome.of(cart.clear(scope, visit.user())).replaceWith(order);
            }
            case REFUSED ->
                Uni.createFrom()
                        .item(
                                done.status() == 422
                                        ? Pages.seeOther("/shop/orders?told=key-used")
                                        : Pages.seeOther(PATH + "?told=" + Notices.code(done)));
            case NOT_DONE, UNKNOWN -> Uni.createFrom().item(pages.repeat(visit, done, PATH, form));
        };
    }

    /** The order as orders takes it, the same for the same form. */
    private static byte[] order(Form form) {
        var products = new JsonArray();
        for (String line : form.all("line")) {
            String[] parts = line.split("\\*", -1);
            if (parts.length != 3) {
                throw new ProblemException(ErrorCode.BAD_REQUEST, "A line of the form is not of the form.");
            }
            products.add(new JsonObject()
                    .put("id", CurrentUser.number("line", parts[0], Integer.MAX_VALUE))
                    .put("price", parts[1])
                    .put("quantity", CurrentUser.number("line", parts[2], MOST_PIECES)));
        }
        var order = new JsonObject().put("products", products).put("shipping_to", form.text("shipping_to"));
        String phone = form.text("phone").replaceAll("[\\s()-]", "");
        if (!phone.isEmpty()) {
            order.put("phone", phone);
        }
        return order.encode().getBytes(StandardCharsets.UTF_8);
    }
}

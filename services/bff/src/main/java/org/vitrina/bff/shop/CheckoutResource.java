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
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.bff.orders.OrdersClient;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.identity.OwnData;

/**
 * {@code /shop/checkout}: the cart becomes an order. The form carries its own key, the prices that were seen and the version of
 * the user's orders: sent twice, after a lost answer or from an old tab it is one order, and the page says so.
 */
@OwnData
@Path("/shop/checkout")
@Produces(PageGate.HTML)
public class CheckoutResource {
    private static final String PATH = "/shop/checkout";

    private final OrdersClient orders;
    private final OrderReads reads;
    private final CartLines lines;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    CheckoutResource(
            OrdersClient orders, OrderReads reads, CartLines lines, Pages pages, Visits visits, Scopes scopes) {
        this.orders = orders;
        this.reads = reads;
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
     * @param address as it was entered before; empty for a new form
     * @param phone the same
     * @param answered the key of the form that this one takes the place of; empty for none
     */
    public record View(
            CartLines.View cart, String key, String version, String address, String phone, String answered) {}

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> checkout() {
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<String> content = form(scope, visit, "", "", "");
        return pages.page(visit, scope, visit.words().checkout(), "cart", content);
    }

    private Uni<String> form(CallScope scope, Visit visit, String address, String phone, String answered) {
        return Uni.combine()
                .all()
                .unis(lines.inCart(scope, visit), reads.version(scope, visit.user()))
                .with((inCart, version) -> visit.render(Templates.checkout(
                        new View(inCart, UUID.randomUUID().toString(), version, address, phone, answered))));
    }

    /** An order is carried through, and its lines leave the cart, though the caller has left: a second click closes the first. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> place(String body) {
        return visits.form(body, PATH, (visit, form) -> untilDone(place(visit, form)));
    }

    private Uni<RestResponse<String>> place(Visit visit, Form form) {
        String key = IdempotencyKey.parse(form.text("key")).asSent();
        String version = form.text("version");
        List<Form.Line> ordered = form.lines();
        CallScope scope = scopes.kept();
        var tries = new AtomicInteger();
        return Outcome.of(orders.place(
                        scope,
                        visit.user(),
                        key,
                        version.isEmpty() ? null : version,
                        order(ordered, form),
                        tries::incrementAndGet))
                .chain(done -> switch (done.kind()) {
                    case DONE -> {
                        // what a second try of our own repeats, the customer has not sent before
                        boolean before = done.replayed() && tries.get() == 1;
                        String told = before ? "placed-before" : done.status() == 202 ? "pending" : "placed";
                        yield ordered(scope, visit, ordered)
                                .map(nothing -> Pages.seeOther(
                                        visit, "/shop/orders/" + done.body().getValue("order_id"), told, key));
                    }
                    case REFUSED -> refused(done, scope, visit, form, key);
                    case NOT_DONE, UNKNOWN -> Uni.createFrom().item(pages.repeat(visit, done, PATH, form));
                });
    }

    /** Takes what was ordered out of the cart; the answer waits for it only as long as it has time. */
    private Uni<Void> ordered(CallScope scope, Visit visit, List<Form.Line> ordered) {
        Duration left = scope.deadline().remaining();
        return untilDone(lines.remove(scopes.unasked(), visit.user(), ordered)
                        .onFailure()
                        .recoverWithNull())
                .ifNoItem()
                .after(left.isPositive() ? left : Duration.ofMillis(1))
                .recoverWithUni(Uni.createFrom().voidItem());
    }

    /** The form once more with what was entered and why not, to be looked at and sent under a new key. */
    private Uni<RestResponse<String>> refused(Outcome done, CallScope scope, Visit visit, Form form, String key) {
        if (done.status() == 422) {
            return Uni.createFrom().item(Pages.seeOther(visit, "/shop/orders", "key-used", key));
        }
        Visit telling = visit.telling(Notices.code(done));
        return form(scope, telling, form.text("shipping_to"), form.text("phone"), key)
                .map(content ->
                        pages.whole(telling, done.status(), visit.words().checkout(), "cart", content))
                .onFailure(CallFailure.class)
                .recoverWithItem(() -> Pages.seeOther(visit, PATH, Notices.code(done), key));
    }

    /** Work that a caller who leaves does not end. */
    private static <T> Uni<T> untilDone(Uni<T> work) {
        Uni<T> kept = work.memoize().indefinitely();
        var unused = kept.subscribe().with(done -> {}, failure -> {}); // whoever waits is told
        return kept;
    }

    /** The order as orders takes it, the same for the same form. */
    private static byte[] order(List<Form.Line> lines, Form form) {
        var products = new JsonArray();
        for (Form.Line line : lines) {
            products.add(new JsonObject()
                    .put("id", line.product())
                    .put("price", line.price())
                    .put("quantity", line.quantity()));
        }
        var order = new JsonObject().put("products", products).put("shipping_to", form.text("shipping_to"));
        String phone = form.text("phone").replaceAll("[\\s()-]", "");
        if (!phone.isEmpty()) {
            order.put("phone", phone);
        }
        return order.encode().getBytes(StandardCharsets.UTF_8);
    }
}

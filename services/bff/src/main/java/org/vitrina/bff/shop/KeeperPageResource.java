package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.inventory.InventoryClient;
import org.vitrina.bff.page.PageQuery;
import org.vitrina.bff.products.Catalog;
import org.vitrina.bff.products.CatalogPage;
import org.vitrina.bff.products.ProductsClient;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.Roles;

/**
 * {@code /shop/keeper}: products, prices and stock for whoever keeps the shop. Each form carries the version of what its page
 * showed, so that nothing is overwritten that was not seen.
 */
@RolesAllowed(Roles.ADMIN)
@Path("/shop/keeper")
@Produces(PageGate.HTML)
public class KeeperPageResource {
    private static final String PATH = "/shop/keeper";
    private static final String PRODUCT = "/products/{id}";

    private static final Pattern VERSION = Pattern.compile("\"[\\x21\\x23-\\x7e]{1,100}\"");

    private final BffConfig config;
    private final Catalog catalog;
    private final ProductsClient products;
    private final InventoryClient inventory;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    KeeperPageResource(
            BffConfig config,
            Catalog catalog,
            ProductsClient products,
            InventoryClient inventory,
            Pages pages,
            Visits visits,
            Scopes scopes) {
        this.config = config;
        this.catalog = catalog;
        this.products = products;
        this.inventory = inventory;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    /** A product in the list. */
    public record Line(String path, String name, String price) {}

    /**
     * The list.
     *
     * @param words what is searched for; empty for nothing
     * @param next the path of the next page; null on the last
     */
    public record Shelf(List<Line> lines, String words, @Nullable String next) {}

    /**
     * One product's form.
     *
     * @param path where it is sent to
     * @param version what the form replaces
     */
    public record Article(String path, String version, String name, String price) {}

    /**
     * What the warehouse has.
     *
     * @param path where the form is sent to
     * @param seen what the form replaces
     */
    public record Warehouse(String path, String seen, int onHand, int reserved) {}

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> list(@RestQuery @Nullable String after, @RestQuery("q") @Nullable String search) {
        requireOn();
        PageQuery query = Home.query(null, after, null, search);
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<String> content = catalog.page(scope, query.query(query.after()))
                .map(found -> visit.render(Templates.keeper(shelf(found.value(), query, visit))));
        return pages.page(visit, scope, visit.words().keeperHeading(), "keeper", content);
    }

    private static Shelf shelf(CatalogPage page, PageQuery query, Visit visit) {
        List<Line> lines = page.items().stream()
                .map(item -> new Line(path(item.id(), visit), item.name(), Formats.money(item.price(), visit)))
                .toList();
        String words = query.search();
        return new Shelf(
                lines, words == null ? "" : words, page.next() == 0 ? null : visit.to(PATH + query.query(page.next())));
    }

    /** The product as it is now, never a copy: what is shown here is what a form replaces. */
    @GET
    @Path(PRODUCT)
    @Operation(hidden = true)
    public RestMulti<byte[]> product(@RestPath String id) {
        requireOn();
        int product = CurrentUser.number("id", id, Integer.MAX_VALUE);
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<String> stock = inventory
                .stock(scope, product)
                .map(reply -> visit.render(Templates.keeperStock(warehouse(product, reply, visit))))
                .onFailure()
                .recoverWithItem(failure -> Pages.missing(visit));
        Uni<Pages.Found> found = products.current(scope, product)
                .map(reply -> {
                    if (reply.status() == 404) {
                        throw new ProblemException(ErrorCode.NOT_FOUND, "There is no product " + product + ".");
                    }
                    Article article = article(product, reply, visit);
                    return found(
                            article.name(),
                            List.of(
                                    Multi.createFrom().item(() -> visit.render(Templates.keeperProduct(article))),
                                    stock.toMulti()));
                })
                .onFailure(CallFailure.class)
                .recoverWithItem(failure -> found(
                        visit.words().failedHeading(),
                        List.of(Multi.createFrom().item(Pages.missing(visit)))));
        return pages.page(visit, scope, found);
    }

    private static Pages.Found found(String title, List<Multi<String>> parts) {
        return new Pages.Found(title, "keeper", "plain", parts);
    }

    private static Article article(int product, Reply reply, Visit visit) {
        JsonObject json = Replies.object("products", reply);
        return new Article(
                path(product, visit),
                version(reply),
                json.getString("product_name", ""),
                String.valueOf(json.getValue("price", "")));
    }

    private static Warehouse warehouse(int product, Reply reply, Visit visit) {
        String path = visit.to(PATH + "/products/" + product + "/stock");
        if (reply.status() == 404) {
            // nothing was ever counted; whatever comes first is kept
            return new Warehouse(path, "", 0, 0);
        }
        JsonObject json = Replies.object("inventory", reply);
        return new Warehouse(path, version(reply), json.getInteger("on_hand", 0), json.getInteger("reserved", 0));
    }

    /** Null where the form has none that could be one. */
    private static @Nullable String version(Form form) {
        String version = form.text("version");
        return VERSION.matcher(version).matches() ? version : null;
    }

    private static String version(Reply reply) {
        String version = reply.headers().get("ETag");
        if (version == null) {
            throw new CallFailure.Retryable("an answer without its version", null);
        }
        return version;
    }

    @POST
    @Path(PRODUCT)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> change(@RestPath String id, String body) {
        requireOn();
        int product = CurrentUser.number("id", id, Integer.MAX_VALUE);
        String path = PATH + "/products/" + product;
        return visits.form(body, path, (visit, form) -> {
            var patch =
                    new JsonObject().put("product_name", form.text("name")).put("price", amount(form.text("price")));
            String version = version(form);
            return version == null
                    ? Uni.createFrom().item(Pages.seeOther(visit, path, "kept-changed"))
                    : answered(products.patch(scopes.open(), product, version, json(patch)), visit, path);
        });
    }

    @POST
    @Path(PRODUCT + "/stock")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> count(@RestPath String id, String body) {
        requireOn();
        int product = CurrentUser.number("id", id, Integer.MAX_VALUE);
        String path = PATH + "/products/" + product;
        return visits.form(body, path, (visit, form) -> {
            String counted = form.text("on_hand");
            boolean versioned = form.text("version").isEmpty() || version(form) != null;
            if (!counted.matches("[0-9]{1,9}") || !versioned) {
                return Uni.createFrom().item(Pages.seeOther(visit, path, "refused"));
            }
            var onHand = new JsonObject().put("inventory", Integer.parseInt(counted));
            return answered(inventory.setOnHand(scopes.open(), product, version(form), json(onHand)), visit, path);
        });
    }

    /** An unknown outcome leads to the page too: it shows what is so now. */
    private static Uni<RestResponse<String>> answered(Uni<Reply> write, Visit visit, String path) {
        return Outcome.of(write).map(done -> {
            String code = done.isDone()
                    ? "kept"
                    : done.status() == 412
                            ? "kept-changed"
                            : done.slug().equals("below-reserved") ? "below-reserved" : Notices.code(done);
            return Pages.seeOther(visit, path, code);
        });
    }

    private void requireOn() {
        if (!config.keeper()) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "The keeper's pages are off (vitrina.bff.keeper).");
        }
    }

    private static String path(int product, Visit visit) {
        return visit.to(PATH + "/products/" + product);
    }

    private static String amount(String text) {
        return text.replaceAll("\\s", "").replace(',', '.');
    }

    private static byte[] json(JsonObject object) {
        return object.encode().getBytes(StandardCharsets.UTF_8);
    }
}

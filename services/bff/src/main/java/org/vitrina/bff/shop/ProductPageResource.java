package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.inventory.Stock;
import org.vitrina.bff.predictions.PredictionsClient;
import org.vitrina.bff.products.Catalog;
import org.vitrina.bff.products.CatalogItem;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.cache.Cached;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reply;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** {@code /shop/products/{id}}: one product; its stock and the model's prediction come in when they are there. */
@PermitAll
@Path("/shop/products/{id}")
@Produces(PageGate.HTML)
public class ProductPageResource {
    private final Catalog catalog;
    private final Stock stock;
    private final PredictionsClient predictions;
    private final Assets assets;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    ProductPageResource(
            Catalog catalog,
            Stock stock,
            PredictionsClient predictions,
            Assets assets,
            Pages pages,
            Visits visits,
            Scopes scopes) {
        this.catalog = catalog;
        this.stock = stock;
        this.predictions = predictions;
        this.assets = assets;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    /**
     * A product as its page shows it.
     *
     * @param age how old what is shown is, in words; empty for fresh
     */
    public record View(Card card, String age, String glyphs, String back) {}

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> product(@RestPath String id) {
        int product = CurrentUser.number("id", id, Integer.MAX_VALUE);
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<Pages.Found> found = catalog.product(scope, product)
                .onItemOrFailure()
                .transform((copy, failure) -> {
                    if (failure instanceof CallFailure) {
                        return new Pages.Found(
                                visit.words().failedHeading(),
                                "",
                                "plain",
                                List.of(Multi.createFrom().item(Pages.missing(visit))));
                    }
                    if (copy == null) {
                        throw new ProblemException(ErrorCode.NOT_FOUND, "There is no product " + product + ".");
                    }
                    return found(scope, CatalogItem.of(product, copy.value()), copy, visit);
                });
        return pages.page(visit, scope, found);
    }

    private Pages.Found found(CallScope scope, CatalogItem item, Cached<Buffer> copy, Visit visit) {
        String age = copy.origin() == Cached.Origin.STALE ? Formats.age(copy.age(), visit) : "";
        var view = new View(Card.of(1, item, visit), age, assets.glyphs(), visit.to("/shop/products/" + item.id()));
        Uni<String> level = stock.levels(scope, List.of(Integer.toString(item.id())))
                .map(levels -> visit.render(Templates.stock(
                        List.of(StockLine.of(1, levels.known().get(Integer.toString(item.id())), visit)))));
        Uni<String> prediction = predictions
                .ofProduct(scope, item.id(), new MultivaluedHashMap<>(), null)
                .map(reply -> value(reply, visit))
                .map(value -> value == null
                        ? visit.words().noPrediction()
                        : visit.words().prediction(value))
                .onFailure(CallFailure.class)
                .recoverWithItem(failure -> visit.words().predictionUnknown())
                .map(text -> visit.render(Templates.prediction(text, visit.to("/shop/model?product=" + item.id()))));
        return new Pages.Found(
                item.name(),
                "home",
                "product",
                List.of(
                        Multi.createFrom().item(() -> visit.render(Templates.product(view))),
                        level.toMulti(),
                        prediction.toMulti()));
    }

    /** What the model says, in two digits; null where it has said nothing yet. */
    private static @Nullable String value(Reply reply, Visit visit) {
        try {
            return reply.status() == 200 && new JsonObject(reply.body()).getValue("value") instanceof Number value
                    ? Formats.figure(value.doubleValue(), visit)
                    : null;
        } catch (DecodeException notJson) {
            return null;
        }
    }
}

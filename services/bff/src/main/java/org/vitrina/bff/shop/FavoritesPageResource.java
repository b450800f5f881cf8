package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.favorites.FavoritesClient;
import org.vitrina.bff.products.CatalogItem;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.CallScope;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;
import org.vitrina.identity.OwnData;

/** {@code /shop/favorites}: the favorites as a page, and what its forms do; all of it idempotent. */
@OwnData
@Path("/shop/favorites")
@Produces(PageGate.HTML)
public class FavoritesPageResource {
    private static final String PATH = "/shop/favorites";

    private final FavoritesClient favorites;
    private final ProductNames products;
    private final Assets assets;
    private final Pages pages;
    private final Visits visits;
    private final Scopes scopes;

    FavoritesPageResource(
            FavoritesClient favorites,
            ProductNames products,
            Assets assets,
            Pages pages,
            Visits visits,
            Scopes scopes) {
        this.favorites = favorites;
        this.products = products;
        this.assets = assets;
        this.pages = pages;
        this.visits = visits;
        this.scopes = scopes;
    }

    /** A favorite, with its name and price where they are known. */
    public record Favorite(int id, String name, String price, Picture picture) {}

    /** All of them. */
    public record View(List<Favorite> favorites, String glyphs, String back) {}

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> favorites() {
        Visit visit = visits.current();
        CallScope scope = scopes.open();
        Uni<String> content = favorites
                .list(scope, visit.user())
                .map(FavoritesPageResource::ids)
                .chain(ids -> products.of(scope, ids).map(known -> view(ids, known, visit)))
                .map(view -> visit.render(Templates.favorites(view)));
        return pages.page(visit, scope, visit.words().favorites(), "favorites", content);
    }

    @POST
    @Path("/add")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> add(String body) {
        return visits.form(body, PATH, (visit, form) -> {
            int product = form.product();
            return done(favorites.put(scopes.open(), visit.user(), product), "liked", visit, form);
        });
    }

    @POST
    @Path("/remove")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> remove(String body) {
        return visits.form(body, PATH, (visit, form) -> {
            int product = form.product();
            return done(favorites.delete(scopes.open(), visit.user(), product), "unliked", visit, form);
        });
    }

    private static Uni<RestResponse<String>> done(Uni<Reply> write, String code, Visit visit, Form form) {
        return Outcome.of(write)
                .map(done -> Pages.seeOther(
                        visit, Notices.back(form.text("back")), done.isDone() ? code : Notices.code(done)));
    }

    /** 404: the user has none. */
    private static List<Integer> ids(Reply reply) {
        List<Integer> ids = new ArrayList<>();
        if (reply.status() == 404) {
            return ids;
        }
        for (JsonObject line : Replies.objects("favorites", reply)) {
            if (line.getValue("product_id") instanceof Integer id) {
                ids.add(id);
            }
        }
        return ids;
    }

    private View view(List<Integer> ids, Map<Integer, CatalogItem> known, Visit visit) {
        return new View(
                ids.stream().map(id -> favorite(id, known.get(id), visit)).toList(), assets.glyphs(), visit.to(PATH));
    }

    private static Favorite favorite(int id, @Nullable CatalogItem item, Visit visit) {
        return item == null
                ? new Favorite(id, visit.words().product(id), "", Picture.of(0, id))
                : new Favorite(id, item.name(), Formats.money(item.price(), visit), Picture.of(item));
    }
}

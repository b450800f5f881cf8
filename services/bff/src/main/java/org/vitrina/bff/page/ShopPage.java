package org.vitrina.bff.page;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.cart.CartClient;
import org.vitrina.bff.favorites.FavoritesClient;
import org.vitrina.bff.inventory.Levels;
import org.vitrina.bff.inventory.Stock;
import org.vitrina.bff.products.Catalog;
import org.vitrina.bff.products.CatalogPage;
import org.vitrina.bff.upstream.JsonBytes;
import org.vitrina.bff.upstream.UpstreamProblems;
import org.vitrina.cache.Cached;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reason;
import org.vitrina.core.ProblemException;

/**
 * The shop page: products, cart and favorites asked together, inventory as soon as the products are there, and whatever
 * does not come in time left out and said so. Only products are needed for an answer.
 */
@ApplicationScoped
public class ShopPage {
    private static final byte[] CART = ascii("{\"cart_items\":");
    private static final byte[] FAVORITES = ascii(",\"favorite_items\":");
    private static final byte[] PRODUCTS = ascii(",\"products\":[");
    private static final byte[] INVENTORY = ascii(",\"inventory\":");
    private static final byte[] DEGRADED = ascii("],\"degraded\":[");
    private static final byte[] END = ascii("]}");
    private static final byte[] NULL = ascii("null");

    private final Catalog catalog;
    private final Stock stock;
    private final CartClient cart;
    private final FavoritesClient favorites;
    private final BffConfig config;
    private final Duration together;

    ShopPage(Catalog catalog, Stock stock, CartClient cart, FavoritesClient favorites, BffConfig config) {
        this.catalog = catalog;
        this.stock = stock;
        this.cart = cart;
        this.favorites = favorites;
        this.config = config;
        this.together = longest(config.cart().timeout(), config.favorites().timeout());
    }

    /**
     * An answer, ready to be sent.
     *
     * @param link the header {@code Link}, null on the last page
     * @param complete whether nothing is missing and nothing old
     */
    record Answer(JsonBytes body, @Nullable String link, Timings timings, boolean complete) {}

    /** A number of lines, or why there is none. */
    public record Count(int lines, @Nullable Reason missing) {}

    private record Shelf(Cached<CatalogPage> page, Levels levels) {}

    /**
     * What a page is made of, each part as soon as it is there and asked once it is subscribed to.
     *
     * @param cart never fails
     * @param favorites never fails
     * @param page fails with the {@link ProblemException} that the answer would be
     * @param levels of a page's products; never fails
     */
    public record Parts(
            Uni<Count> cart,
            Uni<Count> favorites,
            Uni<Cached<CatalogPage>> page,
            Function<Cached<CatalogPage>, Uni<Levels>> levels) {}

    /** The parts of a page, for those who show each when it is there. */
    public Parts parts(CallScope scope, PageQuery query, int user) {
        return parts(scope, query, user, new Timings());
    }

    private Parts parts(CallScope scope, PageQuery query, int user, Timings timings) {
        CallScope counts = scope.within(together);
        return new Parts(
                count("cart", cart.lines(counts, user), timings),
                count("favorites", favorites.lines(counts, user), timings),
                page(scope, query, timings),
                page -> levels(scope, page, timings));
    }

    Uni<Answer> all(CallScope scope, PageQuery query, int user) {
        var timings = new Timings();
        Parts parts = parts(scope, query, user, timings);
        Uni<Shelf> shelf =
                parts.page().chain(page -> parts.levels().apply(page).map(levels -> new Shelf(page, levels)));
        // The shelf first: while products' circuit is open the answer is known here, and nobody else is asked for
        // nothing.
        return Uni.combine()
                .all()
                .unis(shelf, parts.cart(), parts.favorites())
                .with((found, inCart, liked) -> new Answer(
                        body(inCart, liked, found),
                        found.page().value().next() == 0
                                ? null
                                : query.link(found.page().value().next()),
                        timings,
                        inCart.missing() == null
                                && liked.missing() == null
                                && found.levels().reason() == null
                                && !stale(found.page())));
    }

    private Uni<Cached<CatalogPage>> page(CallScope scope, PageQuery query, Timings timings) {
        return catalog.page(scope, query.query()).onItemOrFailure().transformToUni((page, failure) -> {
            if (failure != null) {
                timings.done(
                        "products",
                        timings.start(),
                        UpstreamProblems.reason(failure).text());
                return Uni.createFrom().failure(problem(failure, timings));
            }
            timings.done("products", timings.start(), outcome(stale(page) ? Reason.STALE : null));
            return Uni.createFrom().item(page);
        });
    }

    private Uni<Levels> levels(CallScope scope, Cached<CatalogPage> page, Timings timings) {
        long asked = System.nanoTime();
        return stock.levels(scope, ids(page.value()))
                .invoke(levels -> timings.done("inventory", asked, outcome(levels.reason())));
    }

    private ProblemException problem(Throwable failure, Timings timings) {
        ProblemException problem = UpstreamProblems.read("products", failure, config.products());
        var headers = new java.util.HashMap<>(problem.headers());
        headers.put("Server-Timing", timings.toString());
        return new ProblemException(problem.code(), problem.detail(), problem.extra(), headers);
    }

    private static Uni<Count> count(String part, Uni<Integer> lines, Timings timings) {
        return lines.onItemOrFailure().transform((number, failure) -> {
            Reason reason = failure == null ? null : UpstreamProblems.reason(failure);
            timings.done(part, timings.start(), outcome(reason));
            return failure == null ? new Count(number, null) : new Count(0, reason);
        });
    }

    private static List<String> ids(CatalogPage page) {
        int count = page.count();
        List<String> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(Integer.toString(page.id(i)));
        }
        return ids;
    }

    private static JsonBytes body(Count cart, Count favorites, Shelf shelf) {
        CatalogPage page = shelf.page().value();
        Levels levels = shelf.levels();
        var out = new JsonBytes(192 + page.encoded().length + 20 * page.count());
        count(out.write(CART), cart);
        count(out.write(FAVORITES), favorites);
        Map<String, Cached<Integer>> known = levels.known();
        page.write(out.write(PRODUCTS), (json, index) -> {
            Cached<Integer> level = known.get(Integer.toString(page.id(index)));
            json.write(INVENTORY);
            if (level == null) {
                json.write(NULL);
            } else {
                json.write(level.value());
            }
        });
        out.write(DEGRADED);
        int start = out.length();
        if (stale(shelf.page())) {
            degraded(out, start, "products", Reason.STALE, -1, shelf.page().age());
        }
        if (cart.missing() != null) {
            degraded(out, start, "cart", cart.missing(), 1, null);
        }
        if (favorites.missing() != null) {
            degraded(out, start, "favorites", favorites.missing(), 1, null);
        }
        if (levels.reason() != null) {
            degraded(
                    out,
                    start,
                    "inventory",
                    levels.reason(),
                    levels.missing(),
                    levels.stale() > 0 ? levels.oldest() : null);
        }
        return out.write(END);
    }

    private static void count(JsonBytes out, Count count) {
        if (count.missing() == null) {
            out.write(count.lines());
        } else {
            out.write(NULL);
        }
    }

    private static void degraded(
            JsonBytes out, int start, String part, Reason reason, int missing, @Nullable Duration age) {
        if (out.length() > start) {
            out.write(',');
        }
        out.write("{\"part\":\"")
                .write(part)
                .write("\",\"reason\":\"")
                .write(reason.text())
                .write('"');
        if (missing >= 0) {
            out.write(",\"missing\":").write(missing);
        }
        if (age != null) {
            out.write(",\"age_ms\":").write(age.toMillis());
        }
        out.write('}');
    }

    private static boolean stale(Cached<?> copy) {
        return copy.origin() == Cached.Origin.STALE;
    }

    private static String outcome(@Nullable Reason reason) {
        return reason == null ? "ok" : reason.text();
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

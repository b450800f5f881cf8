package org.vitrina.bff.page;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.cart.CartClient;
import org.vitrina.bff.favorites.FavoritesClient;
import org.vitrina.bff.inventory.Stock;
import org.vitrina.bff.parts.DeclaredPart;
import org.vitrina.bff.parts.DeclaredParts;
import org.vitrina.bff.parts.ProductPart;
import org.vitrina.bff.parts.UserPart;
import org.vitrina.bff.products.Catalog;
import org.vitrina.bff.products.CatalogPage;
import org.vitrina.bff.session.Callers;
import org.vitrina.bff.upstream.JsonBytes;
import org.vitrina.bff.upstream.UpstreamProblems;
import org.vitrina.bff.upstream.ValuesByProduct;
import org.vitrina.cache.Cached;
import org.vitrina.client.CallConfig;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reason;
import org.vitrina.core.ProblemException;

/**
 * The shop page: products, cart and favorites asked together, inventory as soon as the products are there, and whatever
 * does not come in time left out and said so. Only products are needed for an answer.
 */
@ApplicationScoped
public class ShopPage {
    private static final Uni<Count> SIGNED_OUT = Uni.createFrom().item(Count.SIGNED_OUT);

    private final Catalog catalog;
    private final Stock stock;
    private final CartClient cart;
    private final FavoritesClient favorites;
    private final DeclaredParts declared;
    private final PageOutcomes outcomes;
    private final BffConfig config;
    private final Duration together;

    ShopPage(
            Catalog catalog,
            Stock stock,
            CartClient cart,
            FavoritesClient favorites,
            DeclaredParts declared,
            PageOutcomes outcomes,
            BffConfig config) {
        this.catalog = catalog;
        this.stock = stock;
        this.cart = cart;
        this.favorites = favorites;
        this.declared = declared;
        this.outcomes = outcomes;
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
    public record Count(int lines, @Nullable Reason missing) {
        /** Of nobody in particular: nothing is missing. */
        static final Count SIGNED_OUT = new Count(-1, null);

        public boolean isSignedOut() {
            return lines < 0;
        }
    }

    /** A declared part of the user. */
    public record OfUser(UserPart part, Uni<UserPart.Value> value) {}

    /** A declared part of a page's products. */
    public record OfProducts(ProductPart part, Function<Cached<CatalogPage>, Uni<ValuesByProduct<Buffer>>> values) {}

    /**
     * What a page is made of, each part as soon as it is there and asked once it is subscribed to.
     *
     * @param cart never fails
     * @param favorites never fails
     * @param page fails with the {@link ProblemException} that the answer would be
     * @param levels of a page's products; never fails
     * @param ofUser declared parts; never fail
     * @param ofProducts declared parts; never fail
     */
    public record Parts(
            Uni<Count> cart,
            Uni<Count> favorites,
            Uni<Cached<CatalogPage>> page,
            Function<Cached<CatalogPage>, Uni<ValuesByProduct<Integer>>> levels,
            List<OfUser> ofUser,
            List<OfProducts> ofProducts) {}

    /** The parts of a page, for those who show each when it is there. */
    public Parts parts(CallScope scope, PageQuery query, int user) {
        return parts(scope, query, user, new Timings(), asked());
    }

    private PageOutcomes.Making asked() {
        return outcomes.begin(declared.ofUser().size() + declared.ofProducts().size());
    }

    private Parts parts(CallScope scope, PageQuery query, int user, Timings timings, PageOutcomes.Making made) {
        CallScope counts = scope.within(together);
        return new Parts(
                (user == Callers.NOBODY ? SIGNED_OUT : count("cart", cart.lines(counts, user), timings))
                        .invoke(found -> made.part("cart", found.missing())),
                (user == Callers.NOBODY ? SIGNED_OUT : count("favorites", favorites.lines(counts, user), timings))
                        .invoke(found -> made.part("favorites", found.missing())),
                page(scope, query, timings)
                        .invoke(page -> made.part("products", stale(page) ? Reason.STALE : null))
                        .onFailure(ProblemException.class)
                        .recoverWithUni(made::without),
                page -> levels(scope, page, timings).invoke(levels -> made.part("inventory", levels.reason())),
                declared.ofUser().stream()
                        .map(part -> new OfUser(
                                part,
                                value(scope, part, user, timings)
                                        .invoke(value ->
                                                counted(made, part, value.missing(), value.missing() != null))))
                        .toList(),
                declared.ofProducts().stream()
                        .map(part -> new OfProducts(part, page -> values(scope, part, page, timings)
                                .invoke(found -> counted(made, part, found.reason(), found.missing() > 0))))
                        .toList());
    }

    private static void counted(PageOutcomes.Making made, DeclaredPart part, @Nullable Reason reason, boolean missing) {
        if (missing && part.required()) {
            made.fail();
        } else {
            made.part(part.name(), reason);
        }
    }

    Uni<Answer> all(CallScope scope, PageQuery query, int user) {
        return all(scope, query, user, asked());
    }

    /** The same for nobody: what comes of it is in no count. */
    Uni<Answer> unasked(CallScope scope, PageQuery query, int user) {
        return all(scope, query, user, outcomes.unasked());
    }

    private Uni<Answer> all(CallScope scope, PageQuery query, int user, PageOutcomes.Making made) {
        var timings = new Timings();
        Parts parts = parts(scope, query, user, timings, made);
        Uni<PageBody.Shelf> shelf = parts.page().chain(page -> shelf(scope, parts, page, timings));
        // The shelf first: while products' circuit is open the answer is known here, and nobody else is asked for
        // nothing.
        return Uni.combine()
                .all()
                .unis(shelf, parts.cart(), parts.favorites(), ofUser(scope, parts, timings))
                .with((found, inCart, liked, ofUser) ->
                        answer(query, found, new PageBody.OfCaller(inCart, liked, ofUser), timings));
    }

    private Answer answer(PageQuery query, PageBody.Shelf shelf, PageBody.OfCaller caller, Timings timings) {
        int next = shelf.page().value().next();
        return new Answer(
                PageBody.of(caller, shelf, declared),
                next == 0 ? null : query.link(next),
                timings,
                caller.complete() && shelf.complete());
    }

    private Uni<PageBody.Shelf> shelf(CallScope scope, Parts parts, Cached<CatalogPage> page, Timings timings) {
        Uni<ValuesByProduct<Integer>> levels = parts.levels().apply(page);
        if (parts.ofProducts().isEmpty()) {
            return levels.map(known -> new PageBody.Shelf(page, known, List.of()));
        }
        Uni<List<ValuesByProduct<Buffer>>> values = joined(parts.ofProducts().stream()
                .map(each -> each.values()
                        .apply(page)
                        .invoke(found ->
                                need(scope, each.part(), found.missing() > 0 ? found.reason() : null, timings)))
                .toList());
        return Uni.combine().all().unis(levels, values).with((known, found) -> new PageBody.Shelf(page, known, found));
    }

    private static Uni<List<UserPart.Value>> ofUser(CallScope scope, Parts parts, Timings timings) {
        return joined(parts.ofUser().stream()
                .map(each -> each.value().invoke(value -> need(scope, each.part(), value.missing(), timings)))
                .toList());
    }

    /** All of these, in their order. */
    public static <T> Uni<List<T>> joined(List<Uni<T>> parts) {
        return parts.isEmpty()
                ? Uni.createFrom().item(List.of())
                : Uni.join().all(parts).andFailFast();
    }

    /** A part without which there is no answer must not be missing. */
    private static void need(CallScope scope, DeclaredPart part, @Nullable Reason missing, Timings timings) {
        if (missing != null && part.required()) {
            String message = part.name() + ": " + missing.text();
            throw problem(
                    part.name(),
                    scope.shortened()
                            ? new CallFailure.Uncounted(missing, message)
                            : new CallFailure.Final(missing, message, null),
                    part.calls(),
                    timings);
        }
    }

    private static Uni<UserPart.Value> value(CallScope scope, UserPart part, int user, Timings timings) {
        if (user == Callers.NOBODY) {
            return Uni.createFrom().item(new UserPart.Value(null, null));
        }
        return part.value(scope, user)
                .invoke(value -> timings.done(part.name(), timings.start(), outcome(value.missing())));
    }

    private static Uni<ValuesByProduct<Buffer>> values(
            CallScope scope, ProductPart part, Cached<CatalogPage> page, Timings timings) {
        long asked = System.nanoTime();
        return part.values(scope, ids(page.value()))
                .invoke(values -> timings.done(part.name(), asked, outcome(values.reason())));
    }

    private Uni<Cached<CatalogPage>> page(CallScope scope, PageQuery query, Timings timings) {
        return catalog.page(scope, query.query()).onItemOrFailure().transformToUni((page, failure) -> {
            if (failure != null) {
                timings.done(
                        "products",
                        timings.start(),
                        UpstreamProblems.reason(failure).text());
                return Uni.createFrom().failure(problem("products", failure, config.products(), timings));
            }
            timings.done("products", timings.start(), outcome(stale(page) ? Reason.STALE : null));
            timings.origin("products", page);
            return Uni.createFrom().item(page);
        });
    }

    private Uni<ValuesByProduct<Integer>> levels(CallScope scope, Cached<CatalogPage> page, Timings timings) {
        long asked = System.nanoTime();
        return stock.levels(scope, ids(page.value()))
                .invoke(levels -> timings.done("inventory", asked, outcome(levels.reason())));
    }

    private static ProblemException problem(String part, Throwable failure, CallConfig config, Timings timings) {
        ProblemException problem = UpstreamProblems.read(part, failure, config);
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

    static boolean stale(Cached<?> copy) {
        return copy.origin() == Cached.Origin.STALE;
    }

    private static String outcome(@Nullable Reason reason) {
        return reason == null ? "ok" : reason.text();
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}

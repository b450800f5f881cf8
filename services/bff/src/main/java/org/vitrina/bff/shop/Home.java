package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jboss.resteasy.reactive.RestMulti;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.page.PageQuery;
import org.vitrina.bff.page.ShopPage;
import org.vitrina.bff.products.Catalog;
import org.vitrina.bff.products.CatalogItem;
import org.vitrina.bff.products.CatalogPage;
import org.vitrina.bff.upstream.ValuesByProduct;
import org.vitrina.cache.Cached;
import org.vitrina.client.CallScope;
import org.vitrina.core.ProblemException;

/** The parts of {@code /} as markup, from the composition that {@code /products/all} is made of. */
@Singleton
class Home {
    /** Products of a page that names no limit: whole rows for two, three, four and six columns. */
    private static final int USUAL = 24;

    private final ShopPage page;
    private final Catalog catalog;
    private final DeclaredFacts facts;
    private final Frames frames;
    private final Assets assets;
    private final KeptMarkup kept;

    Home(ShopPage page, Catalog catalog, DeclaredFacts facts, Frames frames, Assets assets, KeptMarkup kept) {
        this.page = page;
        this.catalog = catalog;
        this.facts = facts;
        this.frames = frames;
        this.assets = assets;
        this.kept = kept;
    }

    /** Fills the places of what is a user's, where there is none. */
    static final String NO_COUNTS = nothing("cart") + nothing("favorites");

    private static String nothing(String place) {
        return "<i slot=\"" + place + "\"></i>";
    }

    /** A link to a category. */
    public record Chip(String name, String path, boolean chosen) {}

    /**
     * A page's products.
     *
     * @param glyphs where the symbols of their pictures are
     * @param unused places that are left over
     * @param next the path of the next page; null on the last
     * @param nothing what is said where there are none
     */
    public record Cards(List<Card> cards, String glyphs, List<Integer> unused, @Nullable String next, String nothing) {}

    /**
     * The form that searches.
     *
     * @param words what is searched for now; empty for nothing
     * @param category to search in; null for all
     * @param user the customer, where the page's address says who it is
     * @param all the path of the same page without a search
     */
    public record Search(String words, @Nullable Integer category, @Nullable Integer user, String all) {}

    /** Which products the page shows; 400 where it cannot be read. */
    static PageQuery query(
            @Nullable String limit, @Nullable String after, @Nullable String categoryId, @Nullable String search) {
        return PageQuery.of(limit == null ? Integer.toString(USUAL) : limit, after, categoryId)
                .searching(search);
    }

    RestMulti<byte[]> page(CallScope scope, PageQuery query, Visit visit) {
        String heading = visit.words().homeHeading();
        List<Markup> frame = frames.list(visit, heading, "home", places(query), search(query, visit));
        return PageStream.send(visit, new PageStream.Page(200, frame, parts(scope, query, visit)));
    }

    private List<Multi<Markup>> parts(CallScope scope, PageQuery query, Visit visit) {
        ShopPage.Parts parts = page.parts(scope, query, visit.user());
        List<Multi<Markup>> all = new ArrayList<>(List.of(
                parts.cart().map(count -> count("cart", count, visit)).toMulti(),
                parts.favorites().map(count -> count("favorites", count, visit)).toMulti(),
                categories(scope, query, visit).toMulti(),
                products(parts, query, visit)));
        parts.ofUser()
                .forEach(each ->
                        all.add(facts.ofUser(each, visit).map(Markup::of).toMulti()));
        return all;
    }

    private static Search search(PageQuery query, Visit visit) {
        String words = query.search();
        return new Search(
                words == null ? "" : words,
                query.categoryId(),
                visit.query().isEmpty() ? null : visit.user(),
                visit.to("/" + query.searching(null).ofCategory(query.categoryId())));
    }

    /** What is said where a page has no products. */
    static String nothing(PageQuery query, Visit visit) {
        String words = query.search();
        return words == null ? visit.words().nothing() : visit.words().nothingFound(words);
    }

    private Markup count(String place, ShopPage.Count count, Visit visit) {
        if (count.isSignedOut()) {
            return Markup.of(nothing(place));
        }
        @Nullable Integer lines = count.missing() == null ? count.lines() : null;
        return kept.of(
                new SameCount(place, lines, visit.language()), () -> visit.render(Templates.count(place, lines)));
    }

    /** All that a number's markup is made of. */
    private record SameCount(String place, @Nullable Integer lines, String language) {}

    /** The catalogue can be looked through without them: they are left out where they cannot be had. */
    private Uni<Markup> categories(CallScope scope, PageQuery query, Visit visit) {
        return catalog.categories(scope)
                .onFailure()
                .recoverWithItem(Map.of())
                .map(names -> kept.of(
                        new SameChips(names, query, visit.language(), visit.at(), visit.query()),
                        () -> chips(names, query, visit)));
    }

    /** All that the links to categories are made of. */
    private record SameChips(
            Map<Integer, String> names, PageQuery query, String language, String at, String customer) {}

    private static String chips(Map<Integer, String> names, PageQuery query, Visit visit) {
        List<Chip> chips = new ArrayList<>();
        chips.add(new Chip(
                visit.words().everything(), visit.to("/" + query.ofCategory(null)), query.categoryId() == null));
        names.forEach((id, name) ->
                chips.add(new Chip(name, visit.to("/" + query.ofCategory(id)), id.equals(query.categoryId()))));
        return visit.render(Templates.categories(chips));
    }

    private Multi<Markup> products(ShopPage.Parts parts, PageQuery query, Visit visit) {
        return parts.page()
                .onItem()
                .transformToMulti(found -> {
                    Multi<Markup> cards = Multi.createFrom().item(() -> cards(found, query, visit));
                    Multi<Markup> stock = parts.levels()
                            .apply(found)
                            .map(levels -> stock(found.value(), levels, visit))
                            .toMulti();
                    List<Multi<Markup>> beside = new ArrayList<>(List.of(stock));
                    parts.ofProducts()
                            .forEach(each -> beside.add(facts.ofProducts(each, found, places(query), visit)
                                    .map(Markup::of)
                                    .toMulti()));
                    return Multi.createBy()
                            .concatenating()
                            .streams(cards, Multi.createBy().merging().streams(beside));
                })
                .onFailure(ProblemException.class)
                .recoverWithItem(() -> Markup.of(away(query, visit)));
    }

    private Markup cards(Cached<CatalogPage> found, PageQuery query, Visit visit) {
        if (found.origin() != Cached.Origin.STALE) {
            var same = new SameCards(found.value(), query, visit.language(), visit.at(), visit.query());
            return kept.of(same, () -> cards(found.value(), query, visit));
        }
        String age = Formats.age(found.age(), visit);
        return Markup.of(
                cards(found.value(), query, visit) + trouble(visit.words().catalogueOld(age), visit));
    }

    /** All that a list's markup is made of. */
    private record SameCards(CatalogPage page, PageQuery query, String language, String at, String customer) {}

    private String cards(CatalogPage page, PageQuery query, Visit visit) {
        List<CatalogItem> items = page.items();
        List<Card> cards = new ArrayList<>(items.size());
        for (CatalogItem item : items) {
            cards.add(Card.of(cards.size() + 1, item, visit));
        }
        int next = page.next();
        return visit.render(Templates.cards(new Cards(
                cards,
                assets.glyphs(),
                unused(cards.size(), query),
                next == 0 ? null : visit.to("/" + query.query(next)),
                nothing(query, visit))));
    }

    private Markup stock(CatalogPage page, ValuesByProduct<Integer> levels, Visit visit) {
        List<@Nullable Cached<Integer>> ofProducts = new ArrayList<>(page.count());
        for (int i = 0; i < page.count(); i++) {
            ofProducts.add(levels.known().get(Integer.toString(page.id(i))));
        }
        Supplier<String> markup = () -> stock(ofProducts, levels, visit);
        if (levels.stale() > 0) {
            return Markup.of(markup.get()); // it says how old they are, which is another text each second
        }
        List<@Nullable Integer> numbers = new ArrayList<>(ofProducts.size());
        ofProducts.forEach(level -> numbers.add(level == null ? null : level.value()));
        return kept.of(new SameStock(numbers, levels.missing(), visit.language()), markup);
    }

    /** All that the markup of a list's stock is made of, where none is old. */
    private record SameStock(List<@Nullable Integer> levels, int missing, String language) {}

    private static String stock(
            List<@Nullable Cached<Integer>> ofProducts, ValuesByProduct<Integer> levels, Visit visit) {
        List<StockLine> lines = new ArrayList<>(ofProducts.size());
        for (@Nullable Cached<Integer> level : ofProducts) {
            lines.add(StockLine.of(lines.size() + 1, level, visit));
        }
        String markup = visit.render(Templates.stock(lines));
        return levels.missing() == 0 ? markup : markup + trouble(visit.words().stockMissing(levels.missing()), visit);
    }

    private static String trouble(String text, Visit visit) {
        return visit.render(Templates.said(text));
    }

    private String away(PageQuery query, Visit visit) {
        var markup = new StringBuilder(visit.render(Templates.catalogueAway(visit.path())));
        for (int place : unused(0, query)) {
            markup.append("<i slot=\"p")
                    .append(place)
                    .append("\"></i><i slot=\"s")
                    .append(place)
                    .append("\"></i>");
        }
        facts.leaveOut(markup, 1, places(query));
        return markup.toString();
    }

    private static List<Integer> unused(int used, PageQuery query) {
        return IntStream.rangeClosed(used + 1, places(query)).boxed().toList();
    }

    private static int places(PageQuery query) {
        return query.limit() == null ? USUAL : query.limit();
    }
}

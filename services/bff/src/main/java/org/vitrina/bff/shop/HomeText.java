package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.page.PageQuery;
import org.vitrina.bff.page.ShopPage;
import org.vitrina.bff.parts.UserPart;
import org.vitrina.bff.products.CatalogItem;
import org.vitrina.bff.products.CatalogPage;
import org.vitrina.bff.upstream.ValuesByProduct;
import org.vitrina.cache.Cached;
import org.vitrina.client.CallScope;

/** {@code /} as text, for programs that do not ask for HTML: what there is, what is not known, and what to ask next. */
@Singleton
class HomeText {
    private static final int NAME = 48;

    private final ShopPage page;

    HomeText(ShopPage page) {
        this.page = page;
    }

    /** What was found of the catalogue; null where it cannot be had. */
    private record Shelf(
            Cached<CatalogPage> page, ValuesByProduct<Integer> levels, List<ValuesByProduct<Buffer>> declared) {}

    /** What does not depend on the products. */
    private record OfCaller(ShopPage.Count cart, ShopPage.Count favorites, List<UserPart.Value> declared) {}

    /** @param host as the caller has asked for us, for the commands */
    Uni<String> text(CallScope scope, PageQuery query, Visit visit, String host) {
        ShopPage.Parts parts = page.parts(scope, query, visit.user());
        Uni<@Nullable Shelf> shelf =
                parts.page().chain(found -> shelf(parts, found)).onFailure().recoverWithNull();
        Uni<List<UserPart.Value>> ofUser = ShopPage.joined(
                parts.ofUser().stream().map(ShopPage.OfUser::value).toList());
        return Uni.combine()
                .all()
                .unis(shelf, parts.cart(), parts.favorites(), ofUser)
                .with((found, cart, favorites, declared) ->
                        written(found, new OfCaller(cart, favorites, declared), parts, query, visit, host));
    }

    private static Uni<Shelf> shelf(ShopPage.Parts parts, Cached<CatalogPage> page) {
        Uni<List<ValuesByProduct<Buffer>>> declared = ShopPage.joined(parts.ofProducts().stream()
                .map(each -> each.values().apply(page))
                .toList());
        return Uni.combine()
                .all()
                .unis(parts.levels().apply(page), declared)
                .with((levels, values) -> new Shelf(page, levels, values));
    }

    private static String written(
            @Nullable Shelf shelf, OfCaller caller, ShopPage.Parts parts, PageQuery query, Visit visit, String host) {
        Messages words = visit.words();
        var text = new StringBuilder(4096);
        text.append(words.shop()).append(" · ");
        if (caller.cart().isSignedOut()) {
            text.append(words.signedOut());
        } else {
            text.append(words.customer(visit.user()))
                    .append(" · ")
                    .append(words.linesInCart(lines(caller.cart())))
                    .append(" · ")
                    .append(words.linesOfFavorites(lines(caller.favorites())));
        }
        for (int i = 0; i < parts.ofUser().size(); i++) {
            FactLine said = DeclaredFacts.line(
                    parts.ofUser().get(i).part(), caller.declared().get(i), visit);
            text.append(" · ").append(said.text());
        }
        text.append("\n\n");
        if (shelf == null) {
            text.append(words.catalogueAway()).append('\n');
        } else {
            products(text, shelf, query, parts, visit);
        }
        next(text, shelf, query, visit, host);
        return text.toString();
    }

    private static String lines(ShopPage.Count count) {
        return count.missing() == null ? Integer.toString(count.lines()) : "?";
    }

    private static void products(StringBuilder text, Shelf shelf, PageQuery query, ShopPage.Parts parts, Visit visit) {
        List<CatalogItem> items = shelf.page().value().items();
        for (CatalogItem item : items) {
            Cached<Integer> level = shelf.levels().known().get(Integer.toString(item.id()));
            String price = item.price() == null ? visit.words().noPrice() : Formats.money(item.price(), visit);
            text.append("%6d  %s %14s   %s"
                    .formatted(
                            item.id(),
                            filled(item.name()),
                            price,
                            StockLine.of(0, level, visit).text()));
            for (int i = 0; i < shelf.declared().size(); i++) {
                FactLine said = DeclaredFacts.line(
                        parts.ofProducts().get(i).part(),
                        item.id(),
                        0,
                        shelf.declared().get(i),
                        visit);
                text.append(" · ").append(said.text());
            }
            text.append('\n');
        }
        if (items.isEmpty()) {
            text.append(Home.nothing(query, visit)).append('\n');
        }
        if (shelf.page().origin() == Cached.Origin.STALE) {
            text.append('\n')
                    .append(visit.words().catalogueOld(Formats.age(shelf.page().age(), visit)))
                    .append('\n');
        }
        if (shelf.levels().missing() > 0) {
            text.append('\n')
                    .append(visit.words().stockMissing(shelf.levels().missing()))
                    .append('\n');
        }
    }

    /** Names in one column; a control character would be the terminal's. */
    private static String filled(String name) {
        String plain = name.replaceAll("\\p{Cc}", " ");
        int length = plain.codePointCount(0, plain.length());
        return length > NAME
                ? plain.substring(0, plain.offsetByCodePoints(0, NAME - 1)) + "…"
                : plain + " ".repeat(NAME - length);
    }

    private static void next(StringBuilder text, @Nullable Shelf shelf, PageQuery query, Visit visit, String host) {
        text.append('\n').append(visit.words().next()).append(":\n");
        if (shelf == null) {
            command(text, host, "/", "");
            return;
        }
        int after = shelf.page().value().next();
        if (after > 0) {
            command(text, host, "/" + query.query(after), "");
        }
        String who = visit.access().isSwitched() ? "" : "-H \"Authorization: Bearer $TOKEN\" ";
        if (shelf.page().value().count() > 0) {
            CatalogItem first = shelf.page().value().items().getFirst();
            command(text, host, "/products/" + first.id(), "");
            command(
                    text,
                    host,
                    "/cart/" + first.id(),
                    who + "-X PUT -H 'Content-Type: application/json' -d '{\"quantity\":1}' ");
            if (first.price() != null) {
                command(
                        text,
                        host,
                        "/api/v1/orders/",
                        who
                                + "-H 'Content-Type: application/json' -H \"Idempotency-Key: $(uuidgen)\" -d '{\"products\":[{\"id\":"
                                + first.id() + ",\"price\":\"" + first.price()
                                + "\",\"quantity\":1}],\"shipping_to\":\"…\"}' ");
            }
        }
        command(text, host, "/api/v1/orders/", who);
        command(text, host, "/wallet", who);
    }

    private static void command(StringBuilder text, String host, String path, String options) {
        text.append("  curl ")
                .append(options)
                .append('\'')
                .append(host)
                .append(path)
                .append("'\n");
    }
}

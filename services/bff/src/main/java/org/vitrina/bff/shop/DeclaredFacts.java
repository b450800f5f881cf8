package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.page.ShopPage;
import org.vitrina.bff.parts.DeclaredPart;
import org.vitrina.bff.parts.DeclaredParts;
import org.vitrina.bff.parts.UserPart;
import org.vitrina.bff.products.CatalogPage;
import org.vitrina.bff.upstream.ValuesByProduct;
import org.vitrina.cache.Cached;

/** What declared parts say, in their places: a line for each product, or one for the customer. */
@Singleton
class DeclaredFacts {
    private final DeclaredParts parts;

    DeclaredFacts(DeclaredParts parts) {
        this.parts = parts;
    }

    /** The places of a list's products, from 1. */
    List<Frame.Place> places(int count, Visit visit) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> new Frame.Place(
                        number,
                        parts.ofProducts().stream()
                                .map(part -> new Frame.Fact(slot(part, number), label(part, visit)))
                                .toList()))
                .toList();
    }

    /** The places of what is said of the customer. */
    List<Frame.Fact> ofUser(Visit visit) {
        return parts.ofUser().stream()
                .map(part -> new Frame.Fact(slot(part), label(part, visit)))
                .toList();
    }

    Uni<String> ofUser(ShopPage.OfUser part, Visit visit) {
        return part.value().map(value -> visit.render(Templates.facts(List.of(line(part.part(), value, visit)))));
    }

    /** @param count places of the page; those beyond its products are filled with nothing */
    Uni<String> ofProducts(ShopPage.OfProducts part, Cached<CatalogPage> page, int count, Visit visit) {
        CatalogPage products = page.value();
        return part.values().apply(page).map(values -> {
            List<FactLine> lines = new ArrayList<>(products.count());
            for (int i = 0; i < products.count(); i++) {
                lines.add(line(part.part(), products.id(i), i + 1, values, visit));
            }
            var markup = new StringBuilder(visit.render(Templates.facts(lines)));
            leaveOut(markup, part.part(), products.count() + 1, count);
            return markup.toString();
        });
    }

    /** Fills all places of products with nothing. */
    void leaveOut(StringBuilder markup, int first, int last) {
        parts.ofProducts().forEach(part -> leaveOut(markup, part, first, last));
    }

    private static void leaveOut(StringBuilder markup, DeclaredPart part, int first, int last) {
        for (int place = first; place <= last; place++) {
            markup.append("<i slot=\"").append(slot(part, place)).append("\"></i>");
        }
    }

    static FactLine line(UserPart part, UserPart.Value value, Visit visit) {
        String label = label(part, visit);
        if (value.missing() != null) {
            return FactLine.unknown(slot(part), label, visit);
        }
        return value.json() == null
                ? FactLine.none(slot(part), label)
                : FactLine.of(slot(part), label, value.json(), null, visit);
    }

    /** @param place the product's number on the page, from 1 */
    static FactLine line(DeclaredPart part, int id, int place, ValuesByProduct<Buffer> values, Visit visit) {
        String label = label(part, visit);
        @Nullable Cached<Buffer> value = values.known().get(Integer.toString(id));
        if (value != null) {
            return FactLine.of(
                    slot(part, place),
                    label,
                    value.value(),
                    value.origin() == Cached.Origin.STALE ? value.age() : null,
                    visit);
        }
        // where some could not be had, nobody knows whether this one is among them
        return values.missing() > 0
                ? FactLine.unknown(slot(part, place), label, visit)
                : FactLine.none(slot(part, place), label);
    }

    private static String label(DeclaredPart part, Visit visit) {
        return part.label(visit.isRussian());
    }

    private static String slot(DeclaredPart part) {
        return "fact-" + part.name();
    }

    private static String slot(DeclaredPart part, int place) {
        return slot(part) + "-" + place;
    }
}

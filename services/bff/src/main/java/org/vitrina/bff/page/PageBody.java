package org.vitrina.bff.page;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.parts.DeclaredPart;
import org.vitrina.bff.parts.DeclaredParts;
import org.vitrina.bff.parts.UserPart;
import org.vitrina.bff.products.CatalogPage;
import org.vitrina.bff.upstream.JsonBytes;
import org.vitrina.bff.upstream.ValuesByProduct;
import org.vitrina.cache.Cached;
import org.vitrina.client.Reason;

/** The body of {@code GET /products/all}, written as bytes. */
final class PageBody {
    private static final byte[] CART = ascii("{\"cart_items\":");
    private static final byte[] FAVORITES = ascii(",\"favorite_items\":");
    private static final byte[] PRODUCTS = ascii(",\"products\":[");
    private static final byte[] INVENTORY = ascii(",\"inventory\":");
    private static final byte[] DEGRADED = ascii("],\"degraded\":[");
    private static final byte[] END = ascii("]}");
    /** What is left out for nobody in particular is no degradation. */
    private static final byte[] SIGNED_OUT = ascii("],\"left_out\":[{\"part\":\"cart\",\"reason\":\"signed-out\"},"
            + "{\"part\":\"favorites\",\"reason\":\"signed-out\"}]}");

    private static final byte[] NULL = ascii("null");

    private PageBody() {}

    /** What a page says of its products. */
    record Shelf(Cached<CatalogPage> page, ValuesByProduct<Integer> levels, List<ValuesByProduct<Buffer>> declared) {
        boolean complete() {
            return !ShopPage.stale(page)
                    && levels.reason() == null
                    && declared.stream().allMatch(part -> part.reason() == null);
        }
    }

    /** What of a page does not depend on its products. */
    record OfCaller(ShopPage.Count cart, ShopPage.Count favorites, List<UserPart.Value> declared) {
        boolean complete() {
            return cart.missing() == null
                    && favorites.missing() == null
                    && declared.stream().allMatch(part -> part.missing() == null);
        }
    }

    /** The answer; each declared part has its place in the order of {@code parts}. */
    static JsonBytes of(OfCaller caller, Shelf shelf, DeclaredParts parts) {
        CatalogPage page = shelf.page().value();
        ValuesByProduct<Integer> levels = shelf.levels();
        int each = 20 + 40 * shelf.declared().size();
        var out = new JsonBytes(192 + page.encoded().length + each * page.count());
        count(out.write(CART), caller.cart());
        count(out.write(FAVORITES), caller.favorites());
        for (int i = 0; i < caller.declared().size(); i++) {
            declared(out, parts.ofUser().get(i), caller.declared().get(i).json());
        }
        Map<String, Cached<Integer>> known = levels.known();
        page.write(out.write(PRODUCTS), (json, index) -> {
            String id = Integer.toString(page.id(index));
            Cached<Integer> level = known.get(id);
            json.write(INVENTORY);
            if (level == null) {
                json.write(NULL);
            } else {
                json.write(level.value());
            }
            for (int i = 0; i < shelf.declared().size(); i++) {
                Cached<Buffer> value = shelf.declared().get(i).known().get(id);
                declared(json, parts.ofProducts().get(i), value == null ? null : value.value());
            }
        });
        out.write(DEGRADED);
        int start = out.length();
        if (ShopPage.stale(shelf.page())) {
            degraded(out, start, "products", Reason.STALE, -1, shelf.page().age());
        }
        degraded(out, start, "cart", caller.cart().missing());
        degraded(out, start, "favorites", caller.favorites().missing());
        for (int i = 0; i < caller.declared().size(); i++) {
            degraded(
                    out,
                    start,
                    parts.ofUser().get(i).name(),
                    caller.declared().get(i).missing());
        }
        degraded(out, start, "inventory", levels);
        for (int i = 0; i < shelf.declared().size(); i++) {
            degraded(
                    out,
                    start,
                    parts.ofProducts().get(i).name(),
                    shelf.declared().get(i));
        }
        return out.write(caller.cart().isSignedOut() ? SIGNED_OUT : END);
    }

    private static void declared(JsonBytes out, DeclaredPart part, @Nullable Buffer value) {
        out.write(",\"").write(part.name()).write("\":");
        out.write(value == null ? NULL : value.getBytes());
    }

    private static void degraded(JsonBytes out, int start, String part, @Nullable Reason missing) {
        if (missing != null) {
            degraded(out, start, part, missing, 1, null);
        }
    }

    private static void degraded(JsonBytes out, int start, String part, ValuesByProduct<?> values) {
        if (values.reason() != null) {
            degraded(out, start, part, values.reason(), values.missing(), values.stale() > 0 ? values.oldest() : null);
        }
    }

    private static void count(JsonBytes out, ShopPage.Count count) {
        if (count.missing() == null && !count.isSignedOut()) {
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

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

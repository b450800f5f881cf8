package org.vitrina.bff.shop;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.cart.CartClient;
import org.vitrina.bff.products.CatalogItem;
import org.vitrina.client.CallScope;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;
import org.vitrina.core.Money;

/** A cart with the names and prices of what is in it. */
@Singleton
class CartLines {
    private static final int AT_ONCE = 4;

    private final CartClient cart;
    private final ProductNames products;
    private final Assets assets;

    CartLines(CartClient cart, ProductNames products, Assets assets) {
        this.cart = cart;
        this.products = products;
        this.assets = assets;
    }

    /**
     * A line.
     *
     * @param price as it is read; empty where it is not known
     * @param exact the same as orders takes it
     * @param unsold why it cannot be ordered, in words; empty where it can, or where that is not known
     */
    public record Line(
            int id,
            String name,
            String price,
            String exact,
            int quantity,
            String sum,
            String unsold,
            Picture picture) {}

    /**
     * A cart as it is shown.
     *
     * @param total empty where a price is missing
     * @param complete whether every product's name and price are known
     */
    public record View(List<Line> lines, String total, boolean complete, String glyphs) {
        /** Whether something has to be removed before the rest can be ordered. */
        public boolean unsold() {
            return lines.stream().anyMatch(line -> !line.unsold().isEmpty());
        }
    }

    /** Quantities by product, in the cart's own order. */
    Uni<Map<Integer, Integer>> quantities(CallScope scope, int user) {
        return cart.list(scope, user).map(CartLines::read);
    }

    Uni<View> inCart(CallScope scope, Visit visit) {
        return quantities(scope, visit.user()).chain(quantities -> products.known(scope, quantities.keySet())
                .map(known -> view(quantities, known, visit)));
    }

    /** Removes what has been ordered; what is in the cart in another quantity by now, or was put in since, stays. */
    Uni<Void> remove(CallScope scope, int user, List<Form.Line> ordered) {
        return quantities(scope, user)
                .onItem()
                .transformToMulti(
                        there -> Multi.createFrom().iterable(ordered).filter(line -> Integer.valueOf(line.quantity())
                                .equals(there.get(line.product()))))
                .onItem()
                .transformToUni(line -> Outcome.of(cart.delete(scope, user, line.product())))
                .merge(AT_ONCE)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private static Map<Integer, Integer> read(Reply reply) {
        Map<Integer, Integer> quantities = new LinkedHashMap<>();
        for (JsonObject line : Replies.objects("cart", reply)) {
            if (line.getValue("product_id") instanceof Integer product) {
                quantities.put(product, line.getValue("quantity") instanceof Integer quantity ? quantity : 1);
            }
        }
        return quantities;
    }

    private View view(Map<Integer, Integer> quantities, ProductNames.Known known, Visit visit) {
        List<Line> lines = new ArrayList<>(quantities.size());
        Money total = Money.ZERO;
        boolean complete = true;
        for (Map.Entry<Integer, Integer> each : quantities.entrySet()) {
            CatalogItem item = known.items().get(each.getKey());
            Money sum = item == null ? null : Formats.sum(item.price(), each.getValue());
            complete &= sum != null;
            total = sum == null ? total : total.plus(sum);
            String unsold = known.absent().contains(each.getKey())
                    ? visit.words().notSold()
                    : item != null && item.price() == null ? visit.words().noPrice() : "";
            lines.add(line(each.getKey(), item, each.getValue(), sum, unsold, visit));
        }
        String text = complete ? Formats.money(total.toString(), visit) : "";
        return new View(lines, text, complete, assets.glyphs());
    }

    private static Line line(
            int id, @Nullable CatalogItem item, int quantity, @Nullable Money sum, String unsold, Visit visit) {
        String price = item == null || item.price() == null ? "" : item.price();
        return new Line(
                id,
                item == null ? visit.words().product(id) : item.name(),
                Formats.money(price, visit),
                price,
                quantity,
                sum == null ? "" : Formats.money(sum.toString(), visit),
                unsold,
                Picture.of(item == null ? 0 : item.category(), id));
    }
}

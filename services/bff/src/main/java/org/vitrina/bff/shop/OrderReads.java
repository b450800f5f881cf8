package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.orders.OrdersClient;
import org.vitrina.bff.products.CatalogItem;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;

/** A user's orders as pages show them. */
@Singleton
class OrderReads {
    private static final Pattern NEXT = Pattern.compile("[?&]before=([0-9a-fA-F-]{36})[^>]*>\\s*;\\s*rel=\"?next\"?");

    private final OrdersClient orders;
    private final ProductNames products;

    OrderReads(OrdersClient orders, ProductNames products) {
        this.orders = orders;
        this.products = products;
    }

    /** A line of an order; its sum is empty where the price is not known. */
    public record Line(int id, String name, int quantity, String sum) {}

    /**
     * An order.
     *
     * @param status as orders says it
     * @param state the same in words
     * @param reason why it was rejected, in words; empty otherwise
     */
    public record Order(
            String id,
            String status,
            String state,
            String reason,
            String total,
            String createdAt,
            String shippingTo,
            List<Line> lines) {
        /** Whether it can still change by itself. */
        public boolean moves() {
            return status.equals("pending") || status.equals("cancelling");
        }

        /** Whether it took its lines out of the cart for nothing. */
        public boolean rejected() {
            return status.equals("rejected");
        }

        public boolean cancellable() {
            return status.equals("pending") || status.equals("confirmed");
        }

        public String shortId() {
            return OrderReads.shortId(id);
        }
    }

    /** What people call an order by: the end of its id, which is its random part. */
    static String shortId(String id) {
        return id.length() > 8 ? id.substring(id.length() - 8) : id;
    }

    /**
     * A page of them.
     *
     * @param next the path of the next; null on the last
     */
    public record Orders(List<Order> orders, @Nullable String next) {}

    /** The version of the whole collection; empty where it cannot be had. */
    Uni<String> version(CallScope scope, int user) {
        return list(scope, user, 1, null)
                .map(reply -> {
                    String version = reply.headers().get("ETag");
                    return version == null ? "" : version;
                })
                .onFailure(CallFailure.class)
                .recoverWithItem("");
    }

    Uni<Orders> page(CallScope scope, @Nullable String before, Visit visit) {
        return list(scope, visit.user(), 20, before).map(reply -> {
            List<Order> found = new ArrayList<>();
            JsonArray all = Replies.object("orders", reply).getJsonArray("orders", new JsonArray());
            for (Object each : all) {
                if (each instanceof JsonObject order) {
                    found.add(order(order, Map.of(), visit));
                }
            }
            String link = reply.headers().get("Link");
            Matcher next = NEXT.matcher(link == null ? "" : link);
            return new Orders(found, next.find() ? visit.to("/shop/orders?before=" + next.group(1)) : null);
        });
    }

    /** One order with the names of its products; the item is null where the user has none of this id. */
    Uni<@Nullable Order> order(CallScope scope, String id, Visit visit) {
        return orders.order(scope, id, visit.user()).chain(reply -> {
            if (reply.status() == 404 || reply.status() == 400) {
                return Uni.createFrom().nullItem();
            }
            JsonObject order = Replies.object("orders", reply);
            return products.of(scope, ids(order)).map(known -> order(order, known, visit));
        });
    }

    private Uni<Reply> list(CallScope scope, int user, int limit, @Nullable String before) {
        var query = new MultivaluedHashMap<String, String>();
        query.putSingle("user_id", Integer.toString(user));
        query.putSingle("limit", Integer.toString(limit));
        if (before != null) {
            query.putSingle("before", before);
        }
        return orders.list(scope, query).map(reply -> Replies.ok("orders", reply));
    }

    private static List<Integer> ids(JsonObject order) {
        List<Integer> ids = new ArrayList<>();
        for (Object each : order.getJsonArray("products", new JsonArray())) {
            if (each instanceof JsonObject line && line.getValue("id") instanceof Integer id) {
                ids.add(id);
            }
        }
        return ids;
    }

    private static Order order(JsonObject order, Map<Integer, CatalogItem> known, Visit visit) {
        String status = order.getString("status", "");
        List<Line> lines = new ArrayList<>();
        for (Object each : order.getJsonArray("products", new JsonArray())) {
            if (each instanceof JsonObject line && line.getValue("id") instanceof Integer id) {
                CatalogItem item = known.get(id);
                int quantity = line.getInteger("quantity", 1);
                lines.add(new Line(
                        id,
                        item == null ? visit.words().product(id) : item.name(),
                        quantity,
                        Formats.sum(line.getString("price"), quantity, visit)));
            }
        }
        return new Order(
                order.getString("order_id", ""),
                status,
                state(status, visit.words()),
                status.equals("rejected") ? reason(order.getString("reason", ""), visit.words()) : "",
                Formats.money(order.getString("total"), visit),
                Formats.time(order.getString("created_at"), visit),
                order.getString("shipping_to", ""),
                lines);
    }

    private static String state(String status, Messages words) {
        return switch (status) {
            case "pending" -> words.statePending();
            case "confirmed" -> words.stateConfirmed();
            case "rejected" -> words.stateRejected();
            case "cancelling" -> words.stateCancelling();
            case "cancelled" -> words.stateCancelled();
            default -> status;
        };
    }

    private static String reason(String slug, Messages words) {
        return switch (slug) {
            case "insufficient-funds" -> words.toldNoMoney();
            case "out-of-stock" -> words.toldOutOfStock();
            default -> words.stateRejectedWhy();
        };
    }
}

package org.vitrina.orders;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.vitrina.core.Money;
import org.vitrina.servers.PostgresServer;

/** A test's own look at what is kept, and what a dead instance would have left there. */
final class Database {
    private Database() {}

    /** An order that was accepted and that nobody works on. */
    static String abandoned(Buyer buyer, String key, int quantity) {
        return abandoned(buyer, key, quantity, 0);
    }

    /** As {@link #abandoned(Buyer, String, int)}, by an instance whose lease lasts this long. */
    static String abandoned(Buyer buyer, String key, int quantity, long leaseMillis) {
        var order = new NewOrder(
                List.of(new Line(buyer.product, Money.parse(Buyer.PRICE), quantity)),
                Money.parse(Buyer.PRICE).times(quantity),
                "Тула, ул. Оружейная, 1",
                "+79990000001");
        UUID id = OrderIds.next(Clock.systemUTC());
        try (var connection = PostgresServer.shared().connect("orders");
                var call = connection.prepareStatement(
                        "SELECT outcome FROM accept_order(?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, 0)")) {
            call.setObject(1, id);
            call.setInt(2, buyer.user);
            call.setString(3, key);
            call.setBytes(4, order.fingerprint().bytes());
            call.setString(5, order.linesAsJson());
            call.setBigDecimal(6, order.total().amount());
            call.setString(7, order.shippingTo());
            call.setString(8, order.phone());
            call.setLong(9, leaseMillis);
            var rows = call.executeQuery();
            rows.next();
            if (!rows.getString(1).equals("accepted")) {
                throw new IllegalStateException(rows.getString(1));
            }
            return id.toString();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(String sql, Object... values) {
        try (var connection = PostgresServer.shared().connect("orders");
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same while another session has locked what the query finds. */
    static void whileLocked(String query, Object value, Runnable work) {
        try (var connection = PostgresServer.shared().connect("orders")) {
            connection.setAutoCommit(false);
            try (var statement = connection.prepareStatement(query)) {
                statement.setObject(1, value);
                if (!statement.executeQuery().next()) {
                    throw new IllegalStateException("there is no such row");
                }
                work.run();
            }
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many statements with this in them the server is at. */
    static int running(String part) {
        return Integer.parseInt(text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = 'orders' AND state = 'active'"
                        + " AND pid <> pg_backend_pid() AND query LIKE '%' || ? || '%'",
                part));
    }

    static String text(String sql, Object... values) {
        try (var connection = PostgresServer.shared().connect("orders");
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            var rows = statement.executeQuery();
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String step(String order) {
        return text("SELECT step FROM customer_order WHERE id = ?::uuid", order);
    }

    /** The events of an order that are to be sent, oldest first. */
    static List<JsonObject> events(String order) {
        var events = new ArrayList<JsonObject>();
        try (var connection = PostgresServer.shared().connect("orders");
                var statement = connection.prepareStatement(
                        "SELECT exchange, routing_key, event_id, body FROM outbox WHERE ordering_key = ? ORDER BY position")) {
            statement.setString(1, order);
            var rows = statement.executeQuery();
            while (rows.next()) {
                var event = new JsonObject(new String(rows.getBytes(4), StandardCharsets.UTF_8));
                if (!rows.getString(1).equals("orders.events")
                        || !rows.getString(2).equals(event.getString("type"))
                        || !rows.getString(3).equals(event.getString("event_id"))) {
                    throw new IllegalStateException("an event's envelope differs from it: " + event);
                }
                events.add(event);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return events;
    }

    static List<String> eventTypes(String order) {
        return events(order).stream().map(event -> event.getString("type")).toList();
    }
}

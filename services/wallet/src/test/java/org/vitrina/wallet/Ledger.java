package org.vitrina.wallet;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.vitrina.servers.PostgresServer;

/** A test's own look into wallet's database, and what only a database administrator can do. */
final class Ledger {
    private static final String DATABASE = "wallet";

    private Ledger() {}

    /** Money from nowhere but the opening account. */
    static void open(int userId, String amount) {
        query("SELECT pay_in(" + userId + ", 'opening', " + amount + ")");
    }

    /** What orders took from the user and gave back, oldest first, such as {@code -5.00}. */
    static List<String> sales(int userId) {
        return query("SELECT amount FROM ledger_entry WHERE house_account = 'sales' AND user_id = " + userId
                + " ORDER BY id");
    }

    /** What all entries of the user add up to. */
    static String total(int userId) {
        return query("SELECT coalesce(sum(amount), 0.00) FROM ledger_entry WHERE user_id = " + userId)
                .getFirst();
    }

    /** Lets the cancellation of an order seem so old. */
    static void age(UUID orderId, String interval) {
        execute("UPDATE debit SET cancelled_at = now() - interval '" + interval + "' WHERE order_id = '" + orderId
                + "'");
    }

    static boolean knows(UUID orderId) {
        return !query("SELECT 1 FROM debit WHERE order_id = '" + orderId + "'").isEmpty();
    }

    /** How many statements wait for another's end. */
    static int waiting() {
        return Integer.parseInt(
                query("SELECT count(*) FROM pg_stat_activity WHERE datname = 'wallet' AND wait_event_type = 'Lock'")
                        .getFirst());
    }

    /** The first column of the rows. */
    static List<String> query(String sql) {
        try (var connection = PostgresServer.shared().connect(DATABASE);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(String sql) {
        try (var connection = PostgresServer.shared().connect(DATABASE);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ": " + e.getMessage(), e);
        }
    }
}

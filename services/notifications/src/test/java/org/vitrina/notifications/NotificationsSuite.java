package org.vitrina.notifications;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.vitrina.notifications.Customer.SOON;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.Mailbox;

/** Notifications by broker and provider: what their tests do and look at. */
@SuppressWarnings("NullAway.Init") // set by the test resources
abstract class NotificationsSuite {
    static final String CONFIRMED = "order.confirmed";
    static final String CANCELLED = "order.cancelled";
    FakeProvider provider;
    Mailbox mailbox;
    Customer customer;

    @BeforeEach
    void works() {
        await().atMost(SOON)
                .untilAsserted(
                        () -> given().get("/users/1/notifications").then().statusCode(200));
        mailbox.bind("notifications", "orders.events", CONFIRMED);
        mailbox.bind("notifications", "orders.events", CANCELLED);
        mailbox.bind("notifications.dlq", "none", "none");
        await().atMost(SOON).until(() -> mailbox.consumers("notifications") > 0);
        mailbox.take("notifications.dlq");
        customer = new Customer(mailbox);
    }

    @AfterEach
    void repair() {
        provider.away(false);
    }

    static void insert(int user, UUID event, UUID order, String phone, String state) {
        boolean settled = !state.equals("sending") && !state.equals("received");
        execute("INSERT INTO notification (event_id, type, order_id, user_id, phone, text, event, state, provider_id,"
                + " settled_at) VALUES ('" + event + "', 'order.confirmed', '" + order + "', " + user + ", '" + phone
                + "', 'text', '{}', '" + state + "', " + (settled ? "'x', clock_timestamp()" : "NULL, NULL") + ")");
    }

    static void execute(String sql) {
        try (Connection connection = PostgresServer.shared().connect("notifications");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

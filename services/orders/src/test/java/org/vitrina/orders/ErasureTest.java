package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.DatabaseText;
import org.vitrina.testing.PostgresResource;

/** Addresses and phone numbers go when a user is erased, or when they are old enough. Each test has a buyer of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
class ErasureTest extends OrdersSuite {
    @Inject
    AddressRepository addresses;

    @Inject
    OrdersConfig config;

    @Test
    void nothingOfAnErasedUsersAddressAndNumberIsLeft() throws SQLException {
        Buyer buyer = Buyer.in(shop);
        String address = "Пермь, ул. Мира, " + buyer.user;
        String phone = "+7900111" + buyer.user;
        String key = Buyer.key();
        String bought = place(buyer, key, address, phone).jsonPath().getString("order_id");
        String cancelled = place(buyer, Buyer.key(), address, phone).jsonPath().getString("order_id");
        buyer.cancel(cancelled);
        awaitSettled(buyer);
        // the broker is away in these tests: what was told of the orders waits
        assertThat(Database.events(bought))
                .extracting(event -> event.getString("phone"))
                .contains(phone);
        assertThat(tablesWith(address)).containsExactly("customer_order");
        assertThat(tablesWith(phone)).contains("customer_order", "outbox");
        long before = version(buyer);

        erase(buyer)
                .then()
                .statusCode(200)
                .body("erased.addresses", equalTo(2))
                .body("erased.answers", equalTo(2))
                .body("kept[0]", containsString("2 orders with lines, prices and totals"));

        assertThat(tablesWith(address)).isEmpty();
        assertThat(tablesWith(phone)).isEmpty();
        // the key is known until it is too old, or the same request would buy once more
        assertThat(tablesWith(key)).containsExactly("idempotency_record");
        assertThat(Database.text("SELECT fingerprint FROM idempotency_record WHERE key = ?", key))
                .isEqualTo("\\x");
        assertThat(version(buyer)).isEqualTo(before + 1);
        JsonObject event = Database.events(bought).getLast();
        assertThat(event.fieldNames()).doesNotContain("phone");
        assertThat(event.getString("total")).isEqualTo("10.00");
        buyer.get(bought)
                .then()
                .statusCode(200)
                .body("shipping_to", equalTo(""))
                .body("total", equalTo("10.00"))
                .body("status", equalTo("confirmed"));
        problem(place(buyer, key, address, phone), 422, "idempotency-key-reused");

        // again: nothing more, and no other version
        erase(buyer).then().statusCode(200).body("erased.addresses", equalTo(0)).body("erased.answers", equalTo(0));
        assertThat(version(buyer)).isEqualTo(before + 1);

        buyer.cancelled(bought);
        buyer.awaitSpent("0.00", 0);
    }

    @Test
    void isRefusedWhileAnOrderIsNotSettled() {
        Buyer buyer = Buyer.in(shop);
        String settled = settled(buyer);
        String open = Database.abandoned(buyer, Buyer.key(), 1, 3_600_000);
        String before = buyer.etag();

        Response refused = erase(buyer);

        problem(refused, 409, "user-busy");
        refused.then().body("detail", containsString("1 orders of user " + buyer.user + " are not settled"));
        assertThat(buyer.etag()).isEqualTo(before);
        buyer.get(settled).then().body("shipping_to", equalTo("Тула, ул. Оружейная, 1"));
        buyer.get(open).then().body("shipping_to", equalTo("Тула, ул. Оружейная, 1"));
        Database.execute("UPDATE customer_order SET due_at = now() WHERE id = ?::uuid", open);
    }

    @Test
    void whoNeverBoughtIsErasedToo() {
        given().delete("/ops/users/2147483647")
                .then()
                .statusCode(200)
                .body("erased.addresses", equalTo(0))
                .body("kept", equalTo(List.of()));
        given().delete("/ops/users/0").then().statusCode(400);
    }

    @Test
    void settledOrdersLoseTheirAddressesWhenTheyAreOldEnough() throws Throwable {
        // the process' own has been further, if this was done before
        AddressPurge purge = new AddressPurge(addresses, Clock.systemUTC(), config);
        Buyer buyer = Buyer.in(shop);
        String first = settled(buyer);
        String second = settled(buyer);
        long before = version(buyer);
        String old = aged(first, Duration.ofDays(366));
        String young = aged(second, Duration.ofDays(364));

        VertxContextSupport.subscribeAndAwait(purge::work);

        buyer.get(old).then().statusCode(200).body("shipping_to", equalTo("")).body("total", equalTo("10.00"));
        assertThat(Database.text("SELECT phone FROM customer_order WHERE id = ?::uuid", old))
                .isEqualTo("null");
        buyer.get(young).then().body("shipping_to", equalTo("Тула, ул. Оружейная, 1"));
        assertThat(version(buyer)).isEqualTo(before + 1);

        // it goes on where it was
        String next = aged(settled(buyer), Duration.ofDays(365).plusHours(1));
        VertxContextSupport.subscribeAndAwait(purge::work);
        buyer.get(next).then().body("shipping_to", equalTo(""));

        // a start looks at all of them again, and locks none that has no address any more
        String lockedBy = Database.text("SELECT xmax FROM customer_order WHERE id = ?::uuid", old);
        VertxContextSupport.subscribeAndAwait(() -> new AddressPurge(addresses, Clock.systemUTC(), config).work());
        assertThat(Database.text("SELECT xmax FROM customer_order WHERE id = ?::uuid", old))
                .isEqualTo(lockedBy);

        // older than every retention, and it can still be cancelled
        buyer.cancelled(old).body("status", equalTo("cancelled"));
    }

    private static Response erase(Buyer buyer) {
        return given().delete("/ops/users/" + buyer.user);
    }

    private static Response place(Buyer buyer, String key, String address, String phone) {
        return send(
                buyer,
                key,
                buyer.body(1).replace("Тула, ул. Оружейная, 1", address).replace("+79990000001", phone));
    }

    private static long version(Buyer buyer) {
        return Long.parseLong(buyer.etag().replace("\"", ""));
    }

    /** However long that takes. */
    private static String settled(Buyer buyer) {
        String order = buyer.buy(Buyer.key(), 1).jsonPath().getString("order_id");
        awaitSettled(buyer);
        return order;
    }

    private static void awaitSettled(Buyer buyer) {
        await().atMost(Duration.ofSeconds(20)).until(() -> Database.text(
                        "SELECT count(*) FROM customer_order WHERE user_id = ? AND step <> 'none'", buyer.user)
                .equals("0"));
    }

    /** As if it had been placed so long ago; its id is another one then. */
    private static String aged(String order, Duration age) {
        UUID id = OrderIds.next(Clock.offset(Clock.systemUTC(), age.negated()));
        Database.execute(
                "UPDATE customer_order SET id = ?, created_at = now() - ? * interval '1 second' WHERE id = ?::uuid",
                id,
                age.toSeconds(),
                order);
        return id.toString();
    }

    private static List<String> tablesWith(String text) throws SQLException {
        try (var database = PostgresServer.shared().connect("orders")) {
            return DatabaseText.tablesWith(database, text);
        }
    }
}

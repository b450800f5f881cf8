package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A user of a test's own, with money, who buys a product of the test's own. */
final class Buyer {
    /** Milliseconds that no machine stands still. */
    static final int LONG = 15_000;

    private static final AtomicInteger LAST = new AtomicInteger(1000);
    static final String PRICE = "10.00";

    final int user;
    final int product;
    private final Shop.Services shop;

    Buyer(Shop.Services shop, String money, int stock) {
        this.shop = shop;
        this.user = LAST.incrementAndGet();
        this.product = user;
        shop.products.prices.put(product, PRICE);
        shop.wallet.fill(user, money);
        shop.inventory.fill(product, stock);
    }

    /** A buyer with money and stock for ten pieces. */
    static Buyer in(Shop.Services shop) {
        return new Buyer(shop, "100.00", 10);
    }

    static String key() {
        return UUID.randomUUID().toString();
    }

    String body(int quantity) {
        return "{\"products\":[{\"id\":" + product + ",\"price\":\"" + PRICE + "\",\"quantity\":" + quantity
                + "}],\"shipping_to\":\"Тула, ул. Оружейная, 1\",\"phone\":\"+79990000001\"}";
    }

    RequestSpecification request() {
        return given().queryParam("user_id", user).contentType("application/json");
    }

    Response buy(String key, int quantity) {
        return request().header("Idempotency-Key", key).body(body(quantity)).post("/api/v1/orders/");
    }

    /** As {@link #buy}, by a caller who has only this long; decided or not is told 200 ms earlier. */
    Response buyWithin(int millis, String key, int quantity) {
        return request()
                .header("Idempotency-Key", key)
                .header("X-Request-Deadline-Ms", millis)
                .body(body(quantity))
                .post("/api/v1/orders/");
    }

    /** The id of an order that is confirmed at once. */
    String bought(int quantity) {
        return buyWithin(LONG, key(), quantity)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getString("order_id");
    }

    Response get(String order) {
        return request().get("/api/v1/orders/" + order);
    }

    String status(String order) {
        return get(order).then().statusCode(200).extract().jsonPath().getString("status");
    }

    Response cancel(String order) {
        return request().delete("/api/v1/orders/" + order + "/");
    }

    /** Cancels an order that can be, however slow the machine is. */
    ValidatableResponse cancelled(String order) {
        return request()
                .header("X-Request-Deadline-Ms", LONG)
                .delete("/api/v1/orders/" + order + "/")
                .then()
                .statusCode(200);
    }

    Response list() {
        return request().get("/api/v1/orders/");
    }

    int orders() {
        return list().jsonPath().getList("orders").size();
    }

    String etag() {
        return list().header("ETag");
    }

    void awaitStatus(String order, String status) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(status(order)).isEqualTo(status));
    }

    /** What is gone from the wallet and from the stock. */
    void assertSpent(String money, int pieces) {
        assertThat(shop.wallet.balance(user))
                .isEqualTo(new java.math.BigDecimal("100.00").subtract(new java.math.BigDecimal(money)));
        assertThat(shop.inventory.level(product)).isEqualTo(10 - pieces);
    }

    void awaitSpent(String money, int pieces) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertSpent(money, pieces));
    }
}

package org.vitrina.orders;

import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.Response;
import org.junit.jupiter.api.AfterEach;

/** Orders in a shop that is well: what their tests do and look at. */
@SuppressWarnings("NullAway.Init") // set by the test resource
abstract class OrdersSuite {
    static final String V7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    Shop.Services shop;

    @AfterEach
    void heal() {
        shop.heal();
    }

    static Response send(Buyer buyer, String key, String body) {
        return buyer.request()
                .header("Idempotency-Key", key)
                .header("X-Request-Deadline-Ms", Buyer.LONG)
                .body(body)
                .post("/api/v1/orders/");
    }

    static Response conditional(Buyer buyer, String ifMatch) {
        return conditional(buyer, Buyer.key(), ifMatch, 1);
    }

    static Response conditional(Buyer buyer, String key, String ifMatch, int quantity) {
        return buyer.request()
                .header("Idempotency-Key", key)
                .header("If-Match", ifMatch)
                .body(buyer.body(quantity))
                .post("/api/v1/orders/");
    }

    static void problem(Response answer, int status, String slug) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("status", equalTo(status))
                .body("type", equalTo("urn:vitrina:problem:" + slug));
    }
}

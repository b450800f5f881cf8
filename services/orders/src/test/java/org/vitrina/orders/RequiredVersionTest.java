package org.vitrina.orders;

import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PostgresResource;

/** Where {@code vitrina.orders.require-if-match} is on: nobody changes orders without saying which ones they know. */
@QuarkusTest
@TestProfile(RequiredVersionTest.Profile.class)
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
@SuppressWarnings("NullAway.Init") // set by the test resource
class RequiredVersionTest {
    Shop.Services shop;

    /** The setting under test. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("vitrina.orders.require-if-match", "true");
        }
    }

    @Test
    void buyingWithoutAVersionIs428AndNothingIsBoughtAndTheKeyIsFree() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();

        assertRequired(buyer.buy(key, 1));

        buyer.assertSpent("0.00", 0);
        buyer.list().then().header("ETag", "\"0\"").body("orders.size()", equalTo(0));
        buyWith(buyer, "\"0\"", key).then().statusCode(201);
    }

    @Test
    void aRepetitionNeedsNoVersion() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        buyWith(buyer, "\"0\"", key).then().statusCode(201);

        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201).header("Idempotent-Replayed", "true");
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void cancellingWithoutAVersionIs428AndNothingIsCancelled() {
        Buyer buyer = Buyer.in(shop);
        String order = buyWith(buyer, "*", Buyer.key())
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getString("order_id");

        assertRequired(buyer.cancel(order));

        buyer.get(order).then().body("status", equalTo("confirmed"));
        buyer.assertSpent("10.00", 1);
        buyer.request()
                .header("If-Match", buyer.etag())
                .delete("/api/v1/orders/" + order)
                .then()
                .statusCode(200);
        // what is done already needs none
        buyer.cancelled(order).body("status", equalTo("cancelled"));
    }

    private static Response buyWith(Buyer buyer, String ifMatch, String key) {
        return buyer.request()
                .header("Idempotency-Key", key)
                .header("If-Match", ifMatch)
                .body(buyer.body(1))
                .post("/api/v1/orders/");
    }

    private static void assertRequired(Response answer) {
        answer.then()
                .statusCode(428)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:precondition-required"));
    }
}

package org.vitrina.predictions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.vitrina.predictions.Store.SOON;
import static org.vitrina.predictions.Store.awaitValue;
import static org.vitrina.predictions.Store.count;
import static org.vitrina.predictions.Store.newProduct;
import static org.vitrina.predictions.Store.prediction;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;

/** Predictions from the cache, and from a database that does not answer. */
@QuarkusTest
@TestProfile(StalePredictionTest.InMemory.class)
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "predictions"))
@WithTestResource(BrokerResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class StalePredictionTest {
    /** A short time to live, so that nobody waits for its end. */
    public static final class InMemory implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "vitrina.cache.topology", "memory",
                    "vitrina.predictions.max-age", "1s",
                    "vitrina.predictions.load-timeout", "900ms");
        }
    }

    Mailbox mailbox;
    Store store;

    @BeforeEach
    void ready() {
        store = new Store(mailbox).awaitReady();
    }

    @Test
    void servesTheLastKnownPredictionWhileTheDatabaseHangs() {
        int known = predicted(42);
        int unknown = newProduct();
        prediction(known).then().statusCode(200);
        PostgresServer.shared().freeze();
        try {
            await().atMost(SOON).untilAsserted(() -> prediction(known)
                    .then()
                    .statusCode(200)
                    .header("Cache-Status", equalTo("predictions; hit; detail=stale")));
            prediction(known)
                    .then()
                    .body("value", equalTo(42f))
                    // at once; the load behind it takes 900 ms
                    .time(lessThan(700L))
                    // a copy lives a tenth less than the second, so that it may be younger than one
                    .header("Age", matchesPattern("[0-9]+"))
                    .header("Cache-Control", equalTo("public, max-age=1, stale-if-error=600"));
            prediction(unknown)
                    .then()
                    .statusCode(504)
                    .contentType("application/problem+json")
                    .header("Cache-Control", nullValue());
        } finally {
            PostgresServer.shared().thaw();
        }
        await().atMost(SOON)
                .untilAsserted(() -> prediction(known).then().statusCode(200).header("Cache-Status", nullValue()));
    }

    @Test
    void servesTheLastKnownPredictionWhileTheDatabaseIsDead() {
        int known = predicted(43);
        prediction(known).then().statusCode(200);
        PostgresServer.shared().kill();
        try {
            await().atMost(SOON).untilAsserted(() -> prediction(known)
                    .then()
                    .statusCode(200)
                    .body("value", equalTo(43f))
                    .header("Cache-Status", equalTo("predictions; hit; detail=stale")));
            given().get("/predictions/category/1")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", matchesPattern("[0-9]+"));
        } finally {
            PostgresServer.shared().restart();
        }
        await().atMost(SOON)
                .untilAsserted(() -> prediction(known).then().statusCode(200).header("Cache-Status", nullValue()));
    }

    @Test
    void aNewPredictionIsSeenAtOnce() {
        int product = predicted(1);
        for (int version = 2; version <= 20; version++) {
            prediction(product).then().statusCode(200);
            store.changed(product, version, 1, 1);
            int expected = version;
            await().atMost(SOON)
                    .until(() -> count("product WHERE version = " + expected + " AND product_id = " + product) == 1);
            store.answered("product:" + product + ":" + version, version, "m1");
            await().atMost(SOON)
                    .until(() -> count("prediction WHERE version = " + expected + " AND product_id = " + product) == 1);
            awaitValue(product, version);
        }
        given().delete("/predictions/product/" + product).then().statusCode(204);
        assertThat(prediction(product).statusCode()).isEqualTo(404);
    }

    private int predicted(double value) {
        int product = newProduct();
        store.changed(product, 1, 1, 1);
        await().atMost(SOON).until(() -> count("product WHERE product_id = " + product) == 1);
        store.answered("product:" + product + ":1", value, "m1");
        awaitValue(product, value);
        return product;
    }
}

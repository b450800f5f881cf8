package org.vitrina.predictions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;

/** The packaged predictions, from outside. */
@QuarkusIntegrationTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "predictions"))
@WithTestResource(BrokerResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class PredictionsIT {
    BrokerServer broker;
    Mailbox mailbox;
    Store store;

    @BeforeEach
    void ready() {
        store = new Store(mailbox).awaitReady();
    }

    @Test
    void predictsProductsAndRequests() {
        try (FakeModel model = new FakeModel(broker, mailbox, "m1").start(mailbox)) {
            int product = Store.newProduct();
            store.changed(product, 1, 5, 12.5);
            Store.awaitValue(product, 12.5);
            given().get("/predictions/category/5").then().statusCode(200).body("[0].product_id", equalTo(product));

            Response asked = given().contentType("application/json")
                    .body("{\"features\":" + Store.features(7) + "}")
                    .post("/predictions/requests/");
            assertThat(asked.statusCode()).isEqualTo(202);
            await().atMost(Store.SOON).untilAsserted(() -> given().get(asked.header("Location"))
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("done"))
                    .body("value", equalTo(7.0f)));

            given().post("/ops/recompute").then().statusCode(202);
            await().atMost(Store.SOON)
                    .untilAsserted(() -> given().get("/ops/recompute").then().body("state", equalTo("done")));
            assertThat(model.handled()).isEqualTo(3);
            given().delete("/predictions/product/" + product).then().statusCode(204);
        }
    }

    @Test
    void keepsScoresAndParameters() {
        given().contentType("application/json")
                .body("{\"score\":0.99}")
                .post("/users/7/score/2021-03/")
                .then()
                .statusCode(201);
        given().get("/users/7/score?date=2021-03-09").then().statusCode(200).body("score", equalTo(0.99f));
        given().contentType("application/merge-patch+json")
                .body("{\"L1\":0.99,\"L2\":0.99}")
                .patch("/parameters/classifier/1/")
                .then()
                .statusCode(201);
        given().get("/parameters/classifier/1").then().statusCode(200).header("ETag", equalTo("\"1\""));
    }

    @Test
    void tellsProblems() {
        given().get("/predictions/product/x")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:bad-request"));
    }
}

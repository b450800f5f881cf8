package org.vitrina.registry;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.RedisResource;

/** The packaged registry, from outside. */
@QuarkusIntegrationTest
@WithTestResource(RedisResource.class)
class RegistryIT {
    @Test
    void registersAndTells() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().get("/services").then().statusCode(200));
        given().contentType("application/json")
                .body("{\"address\":\"127.0.0.1\",\"port\":8123}")
                .put("/services/packaged/instances/one")
                .then()
                .statusCode(201);
        given().get("/services/packaged/instances").then().statusCode(200).body("[0].port", equalTo(8123));
        given().delete("/services/packaged/instances/one").then().statusCode(204);
    }
}

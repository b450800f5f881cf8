package org.vitrina.wallet;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PostgresResource;

/** The packaged wallet, from outside. */
@QuarkusIntegrationTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "wallet"))
class WalletIT {
    @BeforeEach
    void awaitStart() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().get("/users/1/wallet").then().statusCode(200));
    }

    @Test
    void takesMoneyAndGivesItBack() {
        String order = "/users/2/wallet/debits/" + UUID.randomUUID();
        given().contentType("application/json")
                .body("{\"amount\":\"0.50\"}")
                .put(order)
                .then()
                .statusCode(201);
        assertThat(given().get("/users/2/wallet").jsonPath().getString("balance"))
                .isEqualTo("99999.50");
        given().delete(order).then().statusCode(204);
        assertThat(given().get("/users/2/wallet").asString())
                .isEqualTo("{\"balance\":\"100000.00\",\"currency\":\"RUB\"}");
        given().get("/ops/audit")
                .then()
                .statusCode(200)
                .body("consistent", equalTo(true))
                .body("sum", equalTo("0.00"));
    }

    @Test
    void tellsProblems() {
        given().get("/users/abc/wallet")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:vitrina:problem:bad-request"));
        given().contentType("application/json")
                .body("{\"amount\":\"1.00\"}")
                .put("/users/301/wallet/debits/" + UUID.randomUUID())
                .then()
                .statusCode(402)
                .body("type", equalTo("urn:vitrina:problem:insufficient-funds"));
    }

    @Test
    void describesItself() {
        given().get("/q/openapi").then().statusCode(200);
        given().get("/q/swagger-ui/").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(404);
    }
}

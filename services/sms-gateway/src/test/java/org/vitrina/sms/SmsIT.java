package org.vitrina.sms;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Test;

/** The packaged gateway, from outside. */
@QuarkusIntegrationTest
class SmsIT {
    @Test
    void acceptsFailsAndTells() {
        String body = "{\"to\":\"+79001234567\",\"text\":\"hello\",\"client_ref\":\"it\"}";
        given().contentType("application/json")
                .header("Idempotency-Key", "it")
                .body(body)
                .post("/sms")
                .then()
                .statusCode(201);
        given().contentType("application/json")
                .body("{\"mode\":\"too-many\"}")
                .put("/ops/faults")
                .then()
                .statusCode(200);
        given().contentType("application/json").body(body).post("/sms").then().statusCode(429);
        given().delete("/ops/faults").then().statusCode(204);
        given().get("/sms?client_ref=it").then().body("size()", equalTo(1));
    }
}

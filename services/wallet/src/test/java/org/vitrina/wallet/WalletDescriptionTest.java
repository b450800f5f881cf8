package org.vitrina.wallet;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.DescriptionTest;
import org.vitrina.testing.OpenApiContract;
import org.vitrina.testing.PostgresResource;

/** What wallet says of itself, and on which port: its OpenAPI is what docs/contracts.md promises. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "wallet"))
class WalletDescriptionTest extends DescriptionTest {
    @Test
    void keepsTheContractByWhichReplacementsAreJudged() {
        assertContractKept("wallet");
    }

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /users/{id}/wallet", 200, 400, 503, 504)
                .operation("POST /users/{id}/wallet/top-ups", 200, 201, 400, 409, 415, 422, 503, 504)
                .operation("PUT /users/{id}/wallet/debits/{order_id}", 200, 201, 400, 402, 409, 415, 503, 504)
                .operation("DELETE /users/{id}/wallet/debits/{order_id}", 204, 400, 409, 503, 504)
                .operation("GET /ops/audit", 200, 503)
                .operation("DELETE /ops/users/{id}", 200, 400, 503, 504)
                .fields("DELETE /ops/users/{id} 200", "erased", "kept")
                .fields("GET /users/{id}/wallet 200", "balance", "currency", "can_top_up")
                .fields("POST /users/{id}/wallet/top-ups 200", "balance")
                .fields("POST /users/{id}/wallet/top-ups 201", "balance")
                .fields("PUT /users/{id}/wallet/debits/{order_id} 200", "order_id", "amount")
                .fields("PUT /users/{id}/wallet/debits/{order_id} 201", "order_id", "amount")
                .fields(
                        "GET /ops/audit 200",
                        "consistent",
                        "wallets",
                        "entries",
                        "balance",
                        "opening",
                        "top_ups",
                        "sales",
                        "sum",
                        "debits",
                        "refunds",
                        "tombstones",
                        "findings")
                .assertAgrees();
    }

    @Test
    void describesTheBodyAsItIsRead() {
        given().get("/q/openapi?format=json")
                .then()
                .body("components.schemas.Amount.properties.keySet()", contains("amount"));
    }

    @Test
    void tellsItsMetricsOnTheManagementPortOnly() {
        given().get("/users/1/wallet").then().statusCode(200);

        given().get(management.resolve("/q/metrics"))
                .then()
                .statusCode(200)
                .body(containsString("http_server_requests_seconds"))
                .body(containsString("vitrina_audit_findings"))
                .body(containsString("vitrina_audit_age_seconds"));
        given().get("/q/metrics").then().statusCode(404);
    }
}

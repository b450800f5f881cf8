package org.vitrina.wallet;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.vitrina.persistence.trail.AuditTrailPurge;
import org.vitrina.testing.DescriptionTest;
import org.vitrina.testing.OpenApiContract;
import org.vitrina.testing.PostgresResource;

/** What wallet says of itself, and on which port: its OpenAPI is what docs/contracts.md promises. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "wallet"))
@SuppressWarnings("NullAway.Init") // injected
class WalletDescriptionTest extends DescriptionTest {
    @Inject
    AuditTrailPurge purge;

    @Test
    void keepsTheContractByWhichReplacementsAreJudged() {
        assertContractKept("wallet");
    }

    @Test
    void recordsWhoMovesMoney() {
        UUID order = UUID.randomUUID();
        String debit = "/users/641/wallet/debits/" + order;
        assertOnRecord(
                by -> {
                    by.contentType("application/json")
                            .header("Idempotency-Key", "recorded")
                            .body("{\"amount\":\"12.50\"}")
                            .post("/users/641/wallet/top-ups")
                            .then()
                            .statusCode(201);
                    return "wallet 641";
                },
                "top-up",
                641,
                "12.50");
        assertOnRecord(
                by -> {
                    by.contentType("application/json")
                            .body("{\"amount\":\"2.50\"}")
                            .put(debit)
                            .then()
                            .statusCode(201);
                    return "order " + order;
                },
                "debit",
                641,
                "-2.50");
        assertOnRecord(
                by -> {
                    by.delete(debit).then().statusCode(204);
                    return "order " + order;
                },
                "refund",
                641,
                "2.50");
        given().delete(debit).then().statusCode(204);

        assertThat(given().get("/ops/trail?user_id=641").jsonPath().getList("action"))
                .as("what is done once is on record once")
                .containsExactly("refund", "debit", "top-up");
        String next = given().get("/ops/trail?user_id=641&limit=2").header("Link");
        assertThat(next).endsWith(">; rel=\"next\"");
        assertThat(given().get(next.substring(1, next.indexOf('>')))
                        .then()
                        .header("Link", nullValue())
                        .extract()
                        .jsonPath()
                        .getList("action"))
                .containsExactly("top-up");
        given().get("/ops/trail?before=0").then().statusCode(400);
        given().get("/ops/trail?limit=501").then().statusCode(400);
        given().get("/ops/trail?user_id=x").then().statusCode(400);
    }

    @Test
    void keepsWhatIsOnRecordForAsLongAsItIsToldTo() {
        String row = "INSERT INTO audit_trail (position, done_at, actor, action, subject, user_id, detail)"
                + " OVERRIDING SYSTEM VALUE"
                + " VALUES (%s, now() - interval '%s days', '1', 'top-up', 'wallet 642', 642, '%s')";
        Ledger.execute(row.formatted(-2, 1097, "old"));
        Ledger.execute(row.formatted(-1, 1095, "young"));
        // it looks after a table that is in use
        given().contentType("application/json")
                .header("Idempotency-Key", "purged")
                .body("{\"amount\":\"1.00\"}")
                .post("/users/643/wallet/top-ups")
                .then()
                .statusCode(201);

        purge.work().await().atMost(Duration.ofSeconds(20));

        assertThat(Ledger.query("SELECT detail FROM audit_trail WHERE user_id = 642"))
                .containsExactly("young");
    }

    @Test
    void describesTheContractAndNoMore() {
        OpenApiContract.served(given().get("/q/openapi").asString())
                .operation("GET /users/{id}/wallet", 200, 400, 503, 504)
                .operation("POST /users/{id}/wallet/top-ups", 200, 201, 400, 409, 415, 422, 503, 504)
                .operation("PUT /users/{id}/wallet/debits/{order_id}", 200, 201, 400, 402, 409, 415, 503, 504)
                .operation("DELETE /users/{id}/wallet/debits/{order_id}", 204, 400, 409, 503, 504)
                .operation("GET /ops/audit", 200, 503)
                .auditTrail()
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

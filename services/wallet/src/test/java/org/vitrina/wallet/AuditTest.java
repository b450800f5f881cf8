package org.vitrina.wallet;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** The audit of wallets: right while money moves, and not to be deceived. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "wallet"))
class AuditTest {
    @Inject
    MeterRegistry metrics;

    @Test
    void addsUpEveryAccountToZero() {
        Ledger.open(201, "10.00");
        UUID order = UUID.randomUUID();
        JsonPath before = audit();
        given().contentType("application/json")
                .body("{\"amount\":\"4.00\"}")
                .put("/users/201/wallet/debits/" + order)
                .then()
                .statusCode(201);
        given().delete("/users/201/wallet/debits/" + UUID.randomUUID()).then().statusCode(204);

        JsonPath after = audit();

        assertThat(after.getBoolean("consistent")).isTrue();
        assertThat(after.getList("findings")).isEmpty();
        assertThat(after.getString("sum")).isEqualTo("0.00");
        assertThat(amount(after, "balance").subtract(amount(before, "balance"))).isEqualTo("-4.00");
        assertThat(amount(after, "sales").subtract(amount(before, "sales"))).isEqualTo("4.00");
        assertThat(after.getLong("debits") - before.getLong("debits")).isEqualTo(1);
        assertThat(after.getLong("tombstones") - before.getLong("tombstones")).isEqualTo(1);
        assertThat(amount(after, "balance")
                        .add(amount(after, "opening"))
                        .add(amount(after, "top_ups"))
                        .add(amount(after, "sales")))
                .isEqualTo("0.00");

        given().delete("/users/201/wallet/debits/" + order).then().statusCode(204);
        assertThat(audit().getLong("refunds") - before.getLong("refunds")).isEqualTo(1);
    }

    @Test
    void isRightWhileMoneyMoves() {
        Ledger.open(202, "50.00");

        var reports = Race.of(16, i -> {
            if (i % 4 == 0) {
                return audit().getBoolean("consistent");
            }
            for (int n = 0; n < 5; n++) {
                String order = "/users/202/wallet/debits/" + UUID.randomUUID();
                given().contentType("application/json")
                        .body("{\"amount\":\"1.00\"}")
                        .put(order);
                if (n % 2 == 0) {
                    given().delete(order);
                }
            }
            return true;
        });

        assertThat(reports).containsOnly(true);
    }

    @Test
    void findsABalanceThatTheLedgerDoesNotExplain() {
        Ledger.open(203, "10.00");
        Ledger.execute("UPDATE wallet SET balance = 10.01 WHERE user_id = 203");
        try {
            JsonPath report = audit();

            assertThat(report.getBoolean("consistent")).isFalse();
            assertThat(report.getList("findings"))
                    .containsExactlyInAnyOrder(
                            "user 203 holds 10.01, the ledger says 10.00", "all accounts together are 0.01, not zero");
            assertThat(metrics.get("vitrina.audit.findings").gauge().value()).isEqualTo(2);
        } finally {
            Ledger.execute("UPDATE wallet SET balance = 10.00 WHERE user_id = 203");
        }
        assertThat(audit().getBoolean("consistent")).isTrue();
        assertThat(metrics.get("vitrina.audit.findings").gauge().value()).isZero();
    }

    @Test
    void findsADebitWithoutItsEntry() {
        Ledger.open(204, "10.00");
        UUID order = UUID.randomUUID();
        Ledger.execute("INSERT INTO debit (order_id, user_id, amount) VALUES ('" + order + "', 204, 3.00)");
        try {
            assertThat(audit().getList("findings"))
                    .containsExactly("user 204 has paid 0 for orders, the debits say 3.00");
        } finally {
            Ledger.execute("DELETE FROM debit WHERE order_id = '" + order + "'");
        }
    }

    private static JsonPath audit() {
        var answer = given().get("/ops/audit");
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.jsonPath();
    }

    private static BigDecimal amount(JsonPath report, String name) {
        return new BigDecimal(report.getString(name));
    }
}

package org.vitrina.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vitrina.testing.AuditedCount.audit;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.AuditedCount;
import org.vitrina.testing.PostgresResource;

/** Old committed reservations leave what the audit reads, and stay as good as new. Each test has products of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "inventory"))
class CommittedCountTest extends ReservationSuite {
    private static final int MANY = AuditedCount.many(200_000);

    @Inject
    CommittedCount count;

    @Test
    void aCancellationThatIsOlderThanEveryRetentionStillBringsTheStockBack() {
        int one = product(10);
        int other = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, item(one, 2), item(other, 3)).then().statusCode(201);
        commit(order).then().statusCode(204);
        UUID young = UUID.randomUUID();
        reserve(young, item(one, 1)).then().statusCode(201);
        commit(young).then().statusCode(204);
        age(order, "10 years");
        JsonPath before = audit();

        run(count);
        run(count);
        run(purge);

        assertThat(text(
                        "SELECT string_agg(counted::text, ',' ORDER BY expires_at) FROM reservation WHERE order_id IN ('"
                                + order + "', '" + young + "')"))
                .isEqualTo("true,false");
        JsonPath counted = audit();
        assertThat(counted.getList("findings")).isEmpty();
        assertThat(counted.getLong("committed")).isEqualTo(before.getLong("committed"));
        assertThat(counted.getLong("sold")).isEqualTo(before.getLong("sold"));
        // as it was before it was counted
        commit(order).then().statusCode(204);
        reserve(order, item(one, 2), item(other, 3)).then().statusCode(200);

        release(order).then().statusCode(204);

        assertThat(List.of(level(one), level(other))).containsExactly(9, 10);
        release(order).then().statusCode(204);
        assertThat(List.of(level(one), level(other))).containsExactly(9, 10);
        JsonPath after = audit();
        assertThat(after.getList("findings")).isEmpty();
        assertThat(after.getLong("committed")).isEqualTo(before.getLong("committed") - 1);
    }

    @Test
    void theAuditIsRightWhileReservationsAreCountedAndReleased() {
        int product = product(100_000);
        AuditedCount.assertRightWhileCounted(
                orders -> orders.forEach(order -> {
                    reserve(order, item(product, 1)).then().statusCode(201);
                    commit(order).then().statusCode(204);
                    age(order, "2 days");
                }),
                () -> run(count),
                order -> release(order).then().statusCode(204));

        assertThat(level(product)).isEqualTo(100_000 - 60);
        assertThat(text("SELECT committed FROM counted_stock WHERE product_id = " + product))
                .isEqualTo("60");
    }

    @Test
    void theAuditDoesNotReadWhatIsCounted() {
        int product = product(0);
        execute("INSERT INTO reservation (order_id, state, product_ids, quantities, expires_at, counted)"
                + " SELECT ('07000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'committed', '{" + product
                + "}', '{1}', now() - INTERVAL '1 year', TRUE FROM generate_series(1, " + MANY + ") AS n");
        execute("INSERT INTO counted_stock VALUES (" + product + ", " + MANY + ")");
        execute("UPDATE counted_reservations SET committed = committed + " + MANY);
        execute("UPDATE inventory SET sold = " + MANY + " WHERE product_id = " + product);
        // what an audit would find that read it
        execute("UPDATE reservation SET quantities = '{2}' WHERE order_id = '07000000-0000-7000-8000-000000000007'");
        try {
            long begun = System.nanoTime();
            JsonPath report = audit();
            System.out.printf(
                    "an audit beside %,d old reservations took %d ms%n", MANY, (System.nanoTime() - begun) / 1_000_000);

            assertThat(report.getList("findings")).isEmpty();
            assertThat(report.getLong("committed")).isGreaterThanOrEqualTo(MANY);

            // one of them is cancelled, years later
            release(UUID.fromString("07000000-0000-7000-8000-000000000001"))
                    .then()
                    .statusCode(204);
            assertThat(level(product)).isEqualTo(1);
            assertThat(audit().getList("findings")).isEmpty();
        } finally {
            execute("DELETE FROM reservation WHERE order_id BETWEEN '07000000-0000-7000-8000-000000000000' AND"
                    + " '07000000-0000-7000-8000-ffffffffffff'");
            execute("UPDATE counted_reservations SET committed = committed - (SELECT committed FROM counted_stock WHERE"
                    + " product_id = " + product + ")");
            execute("DELETE FROM counted_stock WHERE product_id = " + product);
            execute("UPDATE inventory SET sold = 0 WHERE product_id = " + product);
        }
    }
}

package org.vitrina.wallet;

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

/** Old entries and debits leave what the audit reads, and stay as good as new. Each test has users of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "wallet"))
class BooksCountTest extends WalletSuite {
    private static final int MANY = AuditedCount.many(100_000);

    @Inject
    BooksCount count;

    @Test
    void aCancellationThatIsOlderThanEveryRetentionStillBringsTheMoneyBack() {
        Ledger.open(301, "100.00");
        UUID order = UUID.randomUUID();
        UUID kept = UUID.randomUUID();
        UUID young = UUID.randomUUID();
        UUID free = UUID.randomUUID();
        debit(301, order, "12.34").then().statusCode(201);
        debit(301, kept, "0.66").then().statusCode(201);
        debit(301, free, "0").then().statusCode(201);
        ageAll(301, "10 years");
        debit(301, young, "7.00").then().statusCode(201);
        JsonPath before = audit();

        run(count);
        run(count);
        run(purge);

        assertThat(counted(order, kept, free, young)).containsExactly("t", "t", "t", "f");
        assertThat(Ledger.query("SELECT counted FROM ledger_entry WHERE user_id = 301 ORDER BY id"))
                .containsExactly("t", "t", "t", "f");
        assertThat(audit().getMap("")).isEqualTo(before.getMap(""));
        // as it was before it was counted
        debit(301, order, "12.34").then().statusCode(200);
        problem(debit(301, order, "12.35"), 409, "debit-differs");
        assertThat(cancel(302, order).statusCode()).isEqualTo(409);

        cancel(301, order).then().statusCode(204);

        assertThat(balance(301)).isEqualTo("92.34");
        assertThat(Ledger.total(301)).isEqualTo("92.34");
        cancel(301, order).then().statusCode(204);
        assertThat(balance(301)).isEqualTo("92.34");
        JsonPath after = audit();
        assertThat(after.getList("findings")).isEmpty();
        assertThat(after.getLong("debits")).isEqualTo(before.getLong("debits") - 1);
        assertThat(after.getLong("refunds")).isEqualTo(before.getLong("refunds") + 1);
        problem(debit(301, order, "12.34"), 409, "cancelled");

        // what was given back becomes old as well
        ageAll(301, "2 days");
        run(count);
        assertThat(counted(order, young)).containsExactly("t", "t");
        assertThat(audit().getMap("")).isEqualTo(after.getMap(""));
        cancel(301, order).then().statusCode(204);
        cancel(301, free).then().statusCode(204);
        assertThat(balance(301)).isEqualTo("92.34");
        assertThat(audit().getList("findings")).isEmpty();
    }

    @Test
    void theAuditIsRightWhileMoneyIsCountedAndGivenBack() {
        Ledger.open(303, "500.00");
        AuditedCount.assertRightWhileCounted(
                orders -> {
                    orders.forEach(order -> debit(303, order, "1.00").then().statusCode(201));
                    ageAll(303, "2 days");
                },
                () -> run(count),
                order -> cancel(303, order).then().statusCode(204));

        assertThat(balance(303)).isEqualTo("440.00");
        assertThat(Ledger.query("SELECT standing FROM counted_books WHERE user_id = 303"))
                .containsExactly("60");
        assertThat(Ledger.query("SELECT taken FROM counted_books WHERE user_id = 303"))
                .containsExactly("60.00");
    }

    @Test
    void aSumThatWasAlteredIsFoundAndSoIsAYoungEntry() {
        Ledger.open(304, "10.00");
        debit(304, UUID.randomUUID(), "4.00").then().statusCode(201);
        ageAll(304, "2 days");
        run(count);
        UUID young = UUID.randomUUID();
        debit(304, young, "1.00").then().statusCode(201);
        assertThat(audit().getList("findings")).isEmpty();

        finds(
                "UPDATE counted_books SET opening = opening + 5 WHERE user_id = 304",
                "UPDATE counted_books SET opening = opening - 5 WHERE user_id = 304",
                "user 304 holds 5.00, the ledger says 10.00");
        finds(
                "UPDATE counted_books SET taken = taken + 1 WHERE user_id = 304",
                "UPDATE counted_books SET taken = taken - 1 WHERE user_id = 304",
                "user 304 has paid 5.00 for orders, the debits say 6.00");
        finds(
                "UPDATE debit SET amount = 3.00 WHERE order_id = '" + young + "'",
                "UPDATE debit SET amount = 1.00 WHERE order_id = '" + young + "'",
                "user 304 has paid 5.00 for orders, the debits say 7.00");
        finds(
                "UPDATE wallet SET balance = balance + 2 WHERE user_id = 304",
                "UPDATE wallet SET balance = balance - 2 WHERE user_id = 304",
                "user 304 holds 7.00, the ledger says 5.00");
        assertThat(audit().getList("findings")).isEmpty();
    }

    @Test
    void theAuditDoesNotReadWhatIsCounted() {
        String order = "'07000000-0000-7000-8000-000000000007'";
        Ledger.execute("INSERT INTO wallet VALUES (305, 0)");
        Ledger.execute("INSERT INTO debit (order_id, user_id, amount, made_at, counted)"
                + " SELECT ('07000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 305, 1.00,"
                + " now() - INTERVAL '1 year', TRUE FROM generate_series(1, " + MANY + ") AS n");
        Ledger.execute("INSERT INTO ledger_entry (user_id, house_account, amount, order_id, booked_at, counted)"
                + " SELECT user_id, 'sales', -amount, order_id, made_at, TRUE FROM debit WHERE user_id = 305");
        Ledger.execute("INSERT INTO ledger_entry (user_id, house_account, amount, booked_at, counted) VALUES"
                + " (305, 'opening', " + MANY + ", now() - INTERVAL '1 year', TRUE)");
        Ledger.execute("INSERT INTO counted_books (user_id, entries, opening, sales, standing, taken) VALUES (305, "
                + (MANY + 1) + ", " + MANY + ", " + -MANY + ", " + MANY + ", " + MANY + ")");
        // what an audit would find that read it
        Ledger.execute("UPDATE debit SET amount = 2.00 WHERE order_id = " + order);
        try {
            long begun = System.nanoTime();
            JsonPath report = audit();
            System.out.printf(
                    "an audit beside %,d old debits and entries took %d ms%n",
                    MANY, (System.nanoTime() - begun) / 1_000_000);

            assertThat(report.getList("findings")).isEmpty();
            assertThat(report.getLong("debits")).isGreaterThanOrEqualTo(MANY);

            // one of them is cancelled, years later
            cancel(305, UUID.fromString("07000000-0000-7000-8000-000000000001"))
                    .then()
                    .statusCode(204);
            assertThat(balance(305)).isEqualTo("1.00");
            assertThat(audit().getList("findings")).isEmpty();
        } finally {
            for (String table : List.of("ledger_entry", "debit", "counted_books", "wallet")) {
                Ledger.execute("DELETE FROM " + table + " WHERE user_id = 305");
            }
        }
    }

    private static void finds(String harm, String mend, String finding) {
        Ledger.execute(harm);
        try {
            assertThat(audit().<String>getList("findings")).contains(finding);
        } finally {
            Ledger.execute(mend);
        }
    }

    private static void ageAll(int userId, String interval) {
        Ledger.execute("UPDATE debit SET made_at = made_at - interval '" + interval
                + "', cancelled_at = cancelled_at - interval '" + interval + "' WHERE user_id = " + userId);
        Ledger.execute("UPDATE ledger_entry SET booked_at = booked_at - interval '" + interval + "' WHERE user_id = "
                + userId);
    }

    private static List<String> counted(UUID... orders) {
        return List.of(orders).stream()
                .flatMap(order -> Ledger.query("SELECT counted FROM debit WHERE order_id = '" + order + "'").stream())
                .toList();
    }
}

package org.vitrina.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;

/** How reservations end, and how long what ended is known. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "inventory"))
class ReservationExpiryTest extends ReservationSuite {
    @Test
    void aReservationEndsWhenItsTimeIsOver() {
        int product = product(10);
        UUID young = UUID.randomUUID();
        UUID old = UUID.randomUUID();
        reserve(young, item(product, 1)).then().statusCode(201);
        reserve(old, item(product, 2)).then().statusCode(201);
        age(young, "14 minutes");
        age(old, "15 minutes");

        sweep();

        assertThat(level(product)).isEqualTo(9);
    }

    @Test
    void itsTimeIsOverFifteenMinutesAfterItWasMade() {
        int product = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, item(product, 1)).then().statusCode(201);

        assertThat(Integer.parseInt(query("SELECT extract(epoch FROM expires_at - now())::INTEGER FROM reservation"
                        + " WHERE order_id = '" + order + "'")))
                .isBetween(14 * 60, 15 * 60);
    }

    @Test
    void neitherACommittedNorAReleasedReservationEnds() {
        int product = product(10);
        UUID committed = UUID.randomUUID();
        UUID released = UUID.randomUUID();
        reserve(committed, item(product, 1)).then().statusCode(201);
        reserve(released, item(product, 2)).then().statusCode(201);
        commit(committed).then().statusCode(204);
        release(released).then().statusCode(204);
        age(committed, "16 minutes");
        age(released, "16 minutes");

        sweep();

        assertThat(level(product)).isEqualTo(9);
        commit(committed).then().statusCode(204);
    }

    @Test
    void aCommitAfterTheEndReservesAgainWhereStockAllows() {
        int product = product(10);
        UUID order = expired(item(product, 4));
        assertThat(level(product)).isEqualTo(10);

        commit(order).then().statusCode(204);
        assertThat(level(product)).isEqualTo(6);
        commit(order).then().statusCode(204);
        assertThat(level(product)).isEqualTo(6);
    }

    @Test
    void aCommitAfterTheEndIsRefusedWhereTheStockIsSold() {
        int one = product(10);
        int other = product(1);
        UUID order = expired(item(one, 4), item(other, 1));
        reserve(UUID.randomUUID(), item(other, 1)).then().statusCode(201);

        problem(commit(order), 409, "reservation-gone");
        assertThat(level(one)).isEqualTo(10);
        assertThat(level(other)).isZero();
        release(order).then().statusCode(204);
        assertThat(level(one)).isEqualTo(10);
    }

    @Test
    void aCommitBeforeTheSweepSawTheEndStands() {
        int product = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, item(product, 4)).then().statusCode(201);
        age(order, "16 minutes");

        commit(order).then().statusCode(204);
        sweep();

        assertThat(level(product)).isEqualTo(6);
    }

    @Test
    void thatItEndedIsForgottenByAnEqualReservationWhereStockAllows() {
        int product = product(10);
        UUID order = expired(item(product, 4));

        reserve(order, item(product, 4)).then().statusCode(200);
        assertThat(level(product)).isEqualTo(6);
        sweep();
        assertThat(level(product)).isEqualTo(6);

        UUID late = expired(item(product, 6));
        reserve(UUID.randomUUID(), item(product, 1)).then().statusCode(201);
        problem(reserve(late, item(product, 6)), 409, "out-of-stock");
    }

    @Test
    void keepsTombstonesForThirtyDays() {
        UUID young = UUID.randomUUID();
        UUID old = UUID.randomUUID();
        release(young).then().statusCode(204);
        release(old).then().statusCode(204);
        execute("UPDATE reservation SET ended_at = now() - interval '29 days 23 hours 59 minutes' WHERE order_id = '"
                + young + "'");
        execute("UPDATE reservation SET ended_at = now() - interval '30 days 1 minute' WHERE order_id = '" + old + "'");

        run(purge);

        problem(commit(young), 409, "cancelled");
        problem(commit(old), 409, "reservation-unknown");
    }

    @Test
    void aCommittedReservationIsKeptForEver() {
        int product = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, item(product, 4)).then().statusCode(201);
        commit(order).then().statusCode(204);
        age(order, "400 days");

        run(purge);

        release(order).then().statusCode(204);
        assertThat(level(product)).isEqualTo(10);
    }

    private static String query(String sql) {
        try (var connection = PostgresServer.shared().connect("inventory");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}

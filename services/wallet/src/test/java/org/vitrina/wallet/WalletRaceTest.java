package org.vitrina.wallet;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** A wallet from many sides at once, and with lost answers. Each test has users of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "wallet"))
class WalletRaceTest extends WalletSuite {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @RepeatedTest(5)
    void ofEqualDebitsAtOnceOneTakes() {
        int user = freshUser("20.00");
        UUID order = UUID.randomUUID();

        var answers = Race.of(32, i -> debit(user, order, "\"12.00\""));

        assertThat(answers).extracting(Response::statusCode).containsOnly(200, 201);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(1);
        assertThat(balance(user)).isEqualTo("8.00");
        assertThat(Ledger.sales(user)).containsExactly("-12.00");
    }

    @Test
    void aDebitAndItsCancellationThatComeAThousandTimesHaveOneEffectEach() {
        int user = freshUser("20.00");
        UUID order = UUID.randomUUID();

        var debits = Race.of(20, i -> IntStream.range(0, 50)
                .map(again -> debit(user, order, "\"12.00\"").statusCode())
                .boxed()
                .toList());
        assertThat(debits.stream().flatMap(List::stream).filter(status -> status != 200))
                .containsExactly(201);
        assertThat(balance(user)).isEqualTo("8.00");

        var cancellations = Race.of(20, i -> IntStream.range(0, 50)
                .map(again -> cancel(user, order).statusCode())
                .boxed()
                .toList());
        assertThat(cancellations.stream().flatMap(List::stream)).containsOnly(204);
        assertThat(balance(user)).isEqualTo("20.00");
        assertThat(Ledger.sales(user)).containsExactly("-12.00", "12.00");
    }

    @RepeatedTest(5)
    void equalDebitsOfTheLastMoneyAreNeverRefusedForEachOther() {
        int user = freshUser("12.00");
        UUID order = UUID.randomUUID();

        var answers = Race.of(16, i -> debit(user, order, "\"12.00\""));

        assertThat(answers).extracting(Response::statusCode).containsOnly(200, 201);
        assertThat(balance(user)).isEqualTo("0.00");
    }

    @RepeatedTest(5)
    void aWalletDrainedFromManySidesIsNeverNegative() {
        int user = freshUser("10.00");

        var answers = Race.of(32, i -> debit(user, UUID.randomUUID(), "\"1.00\""));

        assertThat(answers).extracting(Response::statusCode).containsOnly(201, 402);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(10);
        assertThat(balance(user)).isEqualTo("0.00");
        assertThat(Ledger.sales(user)).hasSize(10);
    }

    @RepeatedTest(5)
    void debitAndCancellationAtOnceEndCancelledWithTheMoneyThere() {
        int user = freshUser("10.00");
        UUID order = UUID.randomUUID();

        var answers = Race.of(24, i -> i % 3 == 0 ? cancel(user, order) : debit(user, order, "\"7.00\""));

        assertThat(answers).extracting(Response::statusCode).isSubsetOf(200, 201, 204, 409);
        problem(debit(user, order, "\"7.00\""), 409, "cancelled");
        assertThat(balance(user)).isEqualTo("10.00");
        assertThat(Ledger.sales(user)).isIn(List.of(), List.of("-7.00", "7.00"));
    }

    @RepeatedTest(3)
    void anOrderOfTwoUsersAtOnceIsTakenFromOne() {
        int one = freshUser("10.00");
        int other = freshUser("10.00");
        UUID order = UUID.randomUUID();

        var answers = Race.of(16, i -> debit(i % 2 == 0 ? one : other, order, "\"10.00\""));

        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(1);
        assertThat(answers).extracting(Response::statusCode).containsOnly(200, 201, 409);
        assertThat(new BigDecimal(balance(one)).add(new BigDecimal(balance(other))))
                .isEqualTo("10.00");
    }

    /**
     * The same debit again, which has not seen the first one, and its cancellation, both of which wait for the first one's
     * end: with different orders of locks they then wait for each other in every second round.
     */
    @Test
    void aRepeatedDebitAndItsCancellationNeverWaitForEachOther() throws SQLException {
        int user = freshUser("1000.00");
        for (int round = 0; round < 30; round++) {
            UUID order = UUID.randomUUID();
            String take = "SELECT take_for_order(%d, '%s', 7)".formatted(user, order);
            try (var first = PostgresServer.shared().connect("wallet");
                    var statement = first.createStatement();
                    var others = Executors.newFixedThreadPool(2)) {
                first.setAutoCommit(false);
                statement.execute(take);
                var again = others.submit(() -> Ledger.query(take));
                var back = others.submit(() -> Ledger.query("SELECT give_back(%d, '%s')".formatted(user, order)));
                await().pollInterval(Duration.ofMillis(5)).atMost(TIMEOUT).until(() -> Ledger.waiting() == 2);
                first.commit();

                assertThat(again).succeedsWithin(TIMEOUT).asInstanceOf(LIST).isSubsetOf("same", "cancelled");
                assertThat(back).succeedsWithin(TIMEOUT).isEqualTo(List.of("t"));
            }
        }
        assertThat(balance(user)).isEqualTo("1000.00");
    }

    /** Whatever comes of one user's orders from many sides, no two statements wait for each other. */
    @Test
    void noMovesOfAWalletWaitForEachOther() {
        int user = freshUser("1000.00");
        List<UUID> orders = Stream.generate(UUID::randomUUID).limit(4).toList();

        var failures = Race.of(8, i -> {
            var random = new Random(i);
            for (int round = 0; round < 150; round++) {
                UUID order = orders.get(random.nextInt(orders.size()));
                Ledger.query(
                        switch (random.nextInt(5)) {
                            case 0, 1 -> "SELECT take_for_order(%d, '%s', 7)".formatted(user, order);
                            case 2 -> "SELECT give_back(%d, '%s')".formatted(user, order);
                            case 3 -> "SELECT pay_in(%d, 'top-ups', 1)".formatted(user);
                            default ->
                                "DELETE FROM debit WHERE order_id = '%s' AND amount IS NULL RETURNING 1"
                                        .formatted(order);
                        });
            }
            return "";
        });

        assertThat(failures).containsOnly("");
        given().get("/ops/audit").then().body("findings", equalTo(List.of()));
    }

    @Test
    void theDatabaseItselfRefusesWhatWouldUnbalanceTheBooks() {
        Ledger.open(114, "10.00");
        UUID order = UUID.randomUUID();
        debit(114, order, "\"4.00\"").then().statusCode(201);

        assertThatThrownBy(() -> Ledger.execute("UPDATE wallet SET balance = -0.01 WHERE user_id = 114"))
                .hasMessageContaining("check constraint");
        assertThatThrownBy(() -> Ledger.execute("INSERT INTO ledger_entry (user_id, house_account, amount, order_id)"
                        + " VALUES (114, 'sales', -4.00, '" + order + "')"))
                .hasMessageContaining("ledger_entry_once");
        assertThatThrownBy(() -> Ledger.execute("INSERT INTO ledger_entry (user_id, house_account, amount)"
                        + " VALUES (114, 'elsewhere', 4.00)"))
                .hasMessageContaining("check constraint");
        assertThatThrownBy(() -> Ledger.execute("INSERT INTO ledger_entry (user_id, house_account, amount)"
                        + " VALUES (114, 'top-ups', -4.00)"))
                .hasMessageContaining("only_orders_take");
        assertThatThrownBy(() -> Ledger.execute(
                        "INSERT INTO ledger_entry (user_id, house_account, amount)" + " VALUES (114, 'sales', 4.00)"))
                .hasMessageContaining("sales_are_orders");
    }

    @Test
    void aDebitWhoseAnswerIsLostIsTakenOnceAfterAll() {
        Ledger.open(115, "10.00");
        UUID order = UUID.randomUUID();
        PostgresServer.shared().freeze();
        try {
            problem(
                    given().header("X-Request-Deadline-Ms", 300)
                            .contentType(JSON)
                            .body("{\"amount\":\"4.00\"}")
                            .put(path(115, order)),
                    504,
                    "timeout");
            problem(given().header("X-Request-Deadline-Ms", 300).get("/users/115/wallet"), 504, "timeout");
        } finally {
            PostgresServer.shared().thaw();
        }

        await().atMost(TIMEOUT)
                .untilAsserted(() ->
                        assertThat(debit(115, order, "\"4.00\"").statusCode()).isIn(200, 201));
        assertThat(balance(115)).isEqualTo("6.00");
        assertThat(Ledger.sales(115)).containsExactly("-4.00");
    }

    @Test
    void saysUnavailableWhilePostgresIsAwayAndWorksOnceItIsBack() {
        Ledger.open(116, "10.00");
        UUID order = UUID.randomUUID();
        PostgresServer.shared().kill();
        try {
            problem(wallet(116), 503, "unavailable");
            debit(116, order, "1").then().statusCode(503).header("Retry-After", notNullValue());
            problem(cancel(116, order), 503, "unavailable");
        } finally {
            PostgresServer.shared().restart();
        }

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(balance(116)).isEqualTo("10.00"));
    }

    private static int freshUser(String money) {
        int user = ThreadLocalRandom.current().nextInt(1_000_000, Integer.MAX_VALUE);
        Ledger.open(user, money);
        return user;
    }
}

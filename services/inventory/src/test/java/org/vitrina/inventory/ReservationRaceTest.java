package org.vitrina.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** Reservations at once, with lost answers, and what the audit makes of them. Each test has products and orders of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "inventory"))
class ReservationRaceTest extends ReservationSuite {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @RepeatedTest(3)
    void aHundredBuyersOfTheLastTenGetTen() {
        int product = product(10);

        // a hundred at once may be more than the process takes: who is told to come again does
        var answers = Race.of(100, i -> {
            UUID order = UUID.randomUUID();
            Response answer = reserve(order, item(product, 1));
            while (answer.statusCode() == 503) {
                answer = reserve(order, item(product, 1));
            }
            return answer;
        });

        assertThat(answers).extracting(Response::statusCode).containsOnly(201, 409);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(10);
        assertThat(level(product)).isZero();
        assertConsistent();
    }

    @RepeatedTest(5)
    void ofEqualReservationsAtOnceOneTakes() {
        int product = product(10);
        UUID order = UUID.randomUUID();

        var answers = Race.of(32, i -> reserve(order, item(product, 7)));

        assertThat(answers).extracting(Response::statusCode).containsOnly(200, 201);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 201).hasSize(1);
        assertThat(level(product)).isEqualTo(3);
    }

    @RepeatedTest(5)
    void equalReservationsOfTheLastPiecesAreNeverRefusedForEachOther() {
        int one = product(7);
        int other = product(1);
        UUID order = UUID.randomUUID();

        var answers = Race.of(16, i -> reserve(order, item(one, 7), item(other, 1)));

        assertThat(answers).extracting(Response::statusCode).containsOnly(200, 201);
        assertThat(level(one)).isZero();
    }

    @RepeatedTest(5)
    void reservationAndCancellationAtOnceEndCancelledWithTheStockThere() {
        int product = product(10);
        UUID order = UUID.randomUUID();

        var answers = Race.of(24, i -> switch (i % 4) {
            case 0 -> release(order);
            case 1 -> commit(order);
            default -> reserve(order, item(product, 7));
        });

        assertThat(answers).extracting(Response::statusCode).isSubsetOf(200, 201, 204, 409);
        problem(reserve(order, item(product, 7)), 409, "cancelled");
        assertThat(level(product)).isEqualTo(10);
        assertConsistent();
    }

    @RepeatedTest(3)
    void ordersOfTheSameProductsInAnyOrderNeverBlockEachOther() {
        List<Integer> products =
                IntStream.range(0, 8).mapToObj(i -> product(1000)).toList();
        Random random = new Random(7);
        List<String[]> requests = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            List<Integer> shuffled = new ArrayList<>(products);
            Collections.shuffle(shuffled, random);
            requests.add(shuffled.stream().map(id -> item(id, 1)).toArray(String[]::new));
        }

        var answers = Race.of(48, i -> {
            UUID order = UUID.randomUUID();
            int reserved = reserve(order, requests.get(i)).statusCode();
            int after = (i % 3 == 0 ? release(order) : commit(order)).statusCode();
            return reserved + " " + after;
        });

        assertThat(answers).containsOnly("201 204");
        assertThat(products).extracting(ReservationTest::level).containsOnly(1000 - 32);
        assertConsistent();
    }

    /** Whatever comes of the same orders and products from many sides, no two statements wait for each other. */
    @Test
    void noMovesOfStockWaitForEachOther() {
        List<Integer> products =
                IntStream.range(0, 4).mapToObj(i -> product(1000)).toList();
        List<UUID> orders =
                IntStream.range(0, 6).mapToObj(i -> UUID.randomUUID()).toList();

        var ends = Race.of(8, i -> {
            Random random = new Random(i);
            for (int round = 0; round < 120; round++) {
                int order = random.nextInt(orders.size());
                // an order's products are always the same
                int first = products.get(order % 3);
                int second = products.get(order % 3 + 1);
                text(
                        switch (random.nextInt(7)) {
                            case 0, 1, 2 ->
                                "SELECT reserve_stock('%s', '%d,%d', '1,2', %s)"
                                        .formatted(orders.get(order), first, second, random.nextInt(2) - 0.5);
                            case 3 -> "SELECT commit_stock('%s')".formatted(orders.get(order));
                            case 4 -> "SELECT expire_stock(10)";
                            case 5 ->
                                "WITH forgotten AS (DELETE FROM reservation WHERE order_id = '%s' AND state = 'released'"
                                                .formatted(orders.get(order))
                                        + " RETURNING 1) SELECT count(*) FROM forgotten";
                            default -> "SELECT release_stock('%s')".formatted(orders.get(order));
                        });
            }
            return "";
        });

        assertThat(ends).containsOnly("");
        assertConsistent();
    }

    @RepeatedTest(3)
    void sweepsOfSeveralReplicasAndLateCommitsAgree() {
        int product = product(100);
        List<UUID> orders =
                IntStream.range(0, 40).mapToObj(i -> UUID.randomUUID()).toList();
        for (UUID order : orders) {
            reserve(order, item(product, 1)).then().statusCode(201);
        }
        execute("UPDATE reservation SET expires_at = now() - interval '1 second' WHERE order_id IN ("
                + orders.stream().map(order -> "'" + order + "'").collect(Collectors.joining(",")) + ")");

        var committed = Race.of(24, i -> {
            if (i < 4) {
                sweep();
                return 0;
            }
            return commit(orders.get(i)).statusCode();
        });

        sweep();
        assertThat(committed).containsOnly(0, 204);
        assertThat(level(product)).isEqualTo(80);
        assertConsistent();
    }

    @Test
    void aReservationWhoseAnswerIsLostIsMadeOnceAfterAll() {
        int product = product(10);
        UUID order = UUID.randomUUID();
        PostgresServer.shared().freeze();
        try {
            problem(
                    given().header("X-Request-Deadline-Ms", 300)
                            .contentType(JSON)
                            .body("{\"items\":[" + item(product, 4) + "]}")
                            .put("/reservations/" + order),
                    504,
                    "timeout");
        } finally {
            PostgresServer.shared().thaw();
        }

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(reserve(order, item(product, 4)).statusCode())
                        .isIn(200, 201));
        assertThat(level(product)).isEqualTo(6);
    }

    @Test
    void saysUnavailableWhilePostgresIsAway() {
        UUID order = UUID.randomUUID();
        int product = product(10);
        PostgresServer.shared().kill();
        try {
            reserve(order, item(product, 1)).then().statusCode(503).header("Retry-After", notNullValue());
            problem(commit(order), 503, "unavailable");
            problem(release(order), 503, "unavailable");
        } finally {
            PostgresServer.shared().restart();
        }
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(reserve(order, item(product, 1)).statusCode())
                        .isEqualTo(201));
    }

    @Test
    void theAuditAddsUpWhatReservationsSay() {
        // what another test left to end soon must not end in between
        sweep();
        JsonPath before = given().get("/ops/audit").jsonPath();
        int product = product(10);
        UUID held = UUID.randomUUID();
        UUID committed = UUID.randomUUID();
        reserve(held, item(product, 1)).then().statusCode(201);
        reserve(committed, item(product, 2)).then().statusCode(201);
        commit(committed).then().statusCode(204);
        release(UUID.randomUUID()).then().statusCode(204);
        expired(item(product, 3));

        JsonPath after = given().get("/ops/audit").jsonPath();

        assertThat(after.getBoolean("consistent")).isTrue();
        assertThat(after.getList("findings")).isEmpty();
        assertThat(difference(before, after, "products")).isEqualTo(1);
        assertThat(difference(before, after, "on_hand")).isEqualTo(8);
        assertThat(difference(before, after, "reserved")).isEqualTo(1);
        assertThat(difference(before, after, "sold")).isEqualTo(2);
        assertThat(difference(before, after, "held")).isEqualTo(1);
        assertThat(difference(before, after, "committed")).isEqualTo(1);
        assertThat(difference(before, after, "expired")).isEqualTo(1);
        assertThat(difference(before, after, "released")).isEqualTo(1);
    }

    @Test
    void theAuditFindsStockThatNoReservationExplains() {
        int product = product(10);
        execute("UPDATE inventory SET reserved = 1, sold = 2 WHERE product_id = " + product);
        try {
            given().get("/ops/audit")
                    .then()
                    .statusCode(200)
                    .body("consistent", equalTo(false))
                    .body(
                            "findings",
                            equalTo(List.of(
                                    "product " + product + " has 1 reserved, reservations hold 0",
                                    "product " + product + " has 2 sold, reservations have taken 0")));
        } finally {
            execute("UPDATE inventory SET reserved = 0, sold = 0 WHERE product_id = " + product);
        }
        assertConsistent();
    }

    private static void assertConsistent() {
        given().get("/ops/audit").then().statusCode(200).body("findings", equalTo(List.of()));
    }

    private static int difference(JsonPath before, JsonPath after, String name) {
        return after.getInt(name) - before.getInt(name);
    }
}

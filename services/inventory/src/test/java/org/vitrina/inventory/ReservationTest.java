package org.vitrina.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.runtime.RecurringTask;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** Reservations on PostgreSQL. Each test has products and orders of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "inventory"))
class ReservationTest {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger NEXT_PRODUCT = new AtomicInteger(10_000);

    @Inject
    ReservationExpiry expiry;

    @Inject
    ReservationPurge purge;

    @Test
    void keepsStockForAnOrderOnce() {
        int product = product(10);
        UUID order = UUID.randomUUID();

        Response first = reserve(order, item(product, 4));
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.asString())
                .isEqualTo(
                        "{\"order_id\":\"" + order + "\",\"items\":[{\"product_id\":" + product + ",\"quantity\":4}]}");
        Response again = reserve(order, item(product, 4));
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.asString()).isEqualTo(first.asString());

        assertThat(level(product)).isEqualTo(6);
        assertThat(given().get("/inventory?product_ids=" + product).jsonPath().getInt("[0].inventory"))
                .isEqualTo(6);
    }

    @Test
    void addsUpItemsOfOneProductAndDoesNotMindTheirOrder() {
        int one = product(10);
        int other = product(10);
        UUID order = UUID.randomUUID();

        reserve(order, item(other, 1), item(one, 2), item(other, 3)).then().statusCode(201);
        reserve(order, item(one, 2), item(other, 4)).then().statusCode(200);

        assertThat(level(one)).isEqualTo(8);
        assertThat(level(other)).isEqualTo(6);
    }

    @Test
    void refusesOtherContentForTheSameOrder() {
        int one = product(10);
        int other = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, item(one, 2)).then().statusCode(201);

        problem(reserve(order, item(one, 3)), 409, "reservation-differs");
        problem(reserve(order, item(other, 2)), 409, "reservation-differs");
        problem(reserve(order, item(one, 2), item(other, 1)), 409, "reservation-differs");

        assertThat(level(one)).isEqualTo(8);
        assertThat(level(other)).isEqualTo(10);
    }

    @Test
    void reservesAllOrNothingAndNamesTheProductsOfWhichTooLittleIsThere() {
        int enough = product(10);
        int little = product(1);
        int none = product(0);
        UUID order = UUID.randomUUID();

        Response refused = reserve(order, item(enough, 1), item(none, 1), item(little, 2));

        problem(refused, 409, "out-of-stock");
        assertThat(refused.jsonPath().getList("product_ids", Integer.class)).containsExactly(little, none);
        assertThat(level(enough)).isEqualTo(10);
        assertThat(level(little)).isEqualTo(1);
        reserve(order, item(enough, 1), item(little, 1)).then().statusCode(201);
    }

    @Test
    void aProductWithoutALevelIsOutOfStock() {
        Response refused = reserve(UUID.randomUUID(), item(2_000_000_000, 1));

        problem(refused, 409, "out-of-stock");
        assertThat(refused.jsonPath().getList("product_ids", Integer.class)).containsExactly(2_000_000_000);
    }

    @Test
    void sellsTheLastPiece() {
        int product = product(1);

        reserve(UUID.randomUUID(), item(product, 1)).then().statusCode(201);
        problem(reserve(UUID.randomUUID(), item(product, 1)), 409, "out-of-stock");

        assertThat(level(product)).isZero();
    }

    @Test
    void putsTheStockBackOnce() {
        int product = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, item(product, 4)).then().statusCode(201);

        Response first = release(order);
        first.then().statusCode(204);
        assertThat(first.asString()).isEmpty();
        release(order).then().statusCode(204);

        assertThat(level(product)).isEqualTo(10);
        problem(reserve(order, item(product, 4)), 409, "cancelled");
        problem(commit(order), 409, "cancelled");
        assertThat(level(product)).isEqualTo(10);
    }

    @Test
    void aCancellationThatComesFirstKeepsTheReservationOut() {
        int product = product(10);
        UUID order = UUID.randomUUID();

        release(order).then().statusCode(204);
        release(order).then().statusCode(204);

        problem(reserve(order, item(product, 4)), 409, "cancelled");
        problem(commit(order), 409, "cancelled");
        assertThat(level(product)).isEqualTo(10);
    }

    @Test
    void aCommitChangesNoLevelAndMayBeRepeated() {
        int product = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, item(product, 4)).then().statusCode(201);

        commit(order).then().statusCode(204);
        assertThat(level(product)).isEqualTo(6);
        commit(order).then().statusCode(204);
        assertThat(level(product)).isEqualTo(6);
        reserve(order, item(product, 4)).then().statusCode(200);
        problem(reserve(order, item(product, 5)), 409, "reservation-differs");
        assertThat(level(product)).isEqualTo(6);
    }

    @Test
    void whatIsCommittedIsNoLongerReserved() {
        int product = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, item(product, 4)).then().statusCode(201);
        problem(setOnHand(product, 3), 409, "below-reserved");

        commit(order).then().statusCode(204);

        assertThat(setOnHand(product, 3).asString()).isEqualTo("{\"inventory\":3}");
    }

    @Test
    void aReleaseAfterTheCommitPutsTheStockBack() {
        int one = product(10);
        int other = product(5);
        UUID order = UUID.randomUUID();
        reserve(order, item(one, 4), item(other, 5)).then().statusCode(201);
        commit(order).then().statusCode(204);

        release(order).then().statusCode(204);
        release(order).then().statusCode(204);

        assertThat(level(one)).isEqualTo(10);
        assertThat(level(other)).isEqualTo(5);
        problem(commit(order), 409, "cancelled");
    }

    @Test
    void refusesToCommitWhatNeverWas() {
        problem(commit(UUID.randomUUID()), 409, "reservation-unknown");
    }

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

    @Test
    void takesAHundredItemsAndNotOneMore() {
        int[] products = IntStream.rangeClosed(1, 101).map(i -> product(1)).toArray();
        String[] hundred =
                IntStream.of(products).limit(100).mapToObj(id -> item(id, 1)).toArray(String[]::new);
        String[] more = IntStream.of(products).mapToObj(id -> item(id, 1)).toArray(String[]::new);

        problem(reserve(UUID.randomUUID(), more), 400, "validation");
        reserve(UUID.randomUUID(), hundred).then().statusCode(201);

        assertThat(level(products[99])).isZero();
        assertThat(level(products[100])).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"items\":[]}",
                "{\"items\":null}",
                "{\"items\":[null]}",
                "{\"items\":{}}",
                "{\"items\":1}",
                "{\"items\":[{}]}",
                "{\"items\":[{\"product_id\":1}]}",
                "{\"items\":[{\"quantity\":1}]}",
                "{\"items\":[{\"product_id\":0,\"quantity\":1}]}",
                "{\"items\":[{\"product_id\":-1,\"quantity\":1}]}",
                "{\"items\":[{\"product_id\":2147483648,\"quantity\":1}]}",
                "{\"items\":[{\"product_id\":1,\"quantity\":0}]}",
                "{\"items\":[{\"product_id\":1,\"quantity\":-1}]}",
                "{\"items\":[{\"product_id\":1,\"quantity\":99901}]}",
                "{\"items\":[{\"product_id\":1,\"quantity\":1.5}]}",
                "{\"items\":[{\"product_id\":1,\"quantity\":\"1\"}]}",
                "{\"items\":[{\"product_id\":\"1\",\"quantity\":1}]}",
                "{\"items\":[{\"product_id\":1,\"quantity\":true}]}",
                "{}",
                "[]",
                "null",
                "{\"items\":[",
                "nonsense",
                ""
            })
    void refusesItemsThatAreNoneAndReservesNothing(String body) {
        UUID order = UUID.randomUUID();

        Response answer = given().contentType(JSON).body(body).put("/reservations/" + order);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith(PROBLEM);
        problem(commit(order), 409, "reservation-unknown");
    }

    @Test
    void refusesTenThousandProducts() {
        String[] items =
                IntStream.rangeClosed(1, 10_000).mapToObj(id -> item(id, 1)).toArray(String[]::new);
        problem(reserve(UUID.randomUUID(), items), 400, "validation");
    }

    @Test
    void namesTheFieldThatIsWrong() {
        reserve(UUID.randomUUID(), item(1, 1), item(2, 0))
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:vitrina:problem:validation"))
                .body("violations.field", equalTo(List.of("items[1].quantity")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "1", "1-1-1-1-1", "0190b5a4-7c1e-7d3a-8f00-5b7a0c9d1e2", "%20"})
    void refusesAnOrderThatIsNone(String id) {
        var request = given().urlEncodingEnabled(false);
        problem(
                request.contentType(JSON)
                        .body("{\"items\":[" + item(1, 1) + "]}")
                        .put("/reservations/" + id),
                400,
                "bad-request");
        problem(given().urlEncodingEnabled(false).delete("/reservations/" + id), 400, "bad-request");
        problem(given().urlEncodingEnabled(false).post("/reservations/" + id + "/commit"), 400, "bad-request");
    }

    @Test
    void acceptsATrailingSlash() {
        int product = product(10);
        String order = "/reservations/" + UUID.randomUUID() + "/";

        given().contentType(JSON)
                .body("{\"items\":[" + item(product, 4) + "]}")
                .put(order)
                .then()
                .statusCode(201);
        given().post(order + "commit/").then().statusCode(204);
        given().delete(order).then().statusCode(204);
    }

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
        List<String[]> wishes = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            List<Integer> shuffled = new ArrayList<>(products);
            Collections.shuffle(shuffled, random);
            wishes.add(shuffled.stream().map(id -> item(id, 1)).toArray(String[]::new));
        }

        var answers = Race.of(48, i -> {
            UUID order = UUID.randomUUID();
            int reserved = reserve(order, wishes.get(i)).statusCode();
            int after = (i % 3 == 0 ? release(order) : commit(order)).statusCode();
            return reserved + " " + after;
        });

        assertThat(answers).containsOnly("201 204");
        assertThat(products).extracting(ReservationTest::level).containsOnly(1000 - 32);
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

        await().atMost(PATIENCE)
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
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reserve(order, item(product, 1)).statusCode())
                        .isEqualTo(201));
    }

    @Test
    void theAuditAddsUpWhatReservationsSay() {
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

    private void sweep() {
        run(expiry);
    }

    /** A turn of the work, as the process takes one by itself. */
    private static void run(RecurringTask recurring) {
        try {
            VertxContextSupport.subscribeAndAwait(recurring::work);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** An order whose reservation was made and has ended. */
    private UUID expired(String... items) {
        UUID order = UUID.randomUUID();
        reserve(order, items).then().statusCode(201);
        age(order, "16 minutes");
        sweep();
        return order;
    }

    private static int product(int onHand) {
        int product = NEXT_PRODUCT.incrementAndGet();
        setOnHand(product, onHand).then().statusCode(200);
        return product;
    }

    private static Response setOnHand(int product, int onHand) {
        return given().contentType(JSON)
                .body("{\"inventory\":" + onHand + "}")
                .put("/products/" + product + "/inventory");
    }

    private static int level(int product) {
        Response answer = given().get("/products/" + product + "/inventory");
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.jsonPath().getInt("inventory");
    }

    private static String item(int product, int quantity) {
        return "{\"product_id\":" + product + ",\"quantity\":" + quantity + "}";
    }

    private static Response reserve(UUID order, String... items) {
        return given().contentType(JSON)
                .body("{\"items\":[" + String.join(",", items) + "]}")
                .put("/reservations/" + order);
    }

    private static Response commit(UUID order) {
        return given().post("/reservations/" + order + "/commit");
    }

    private static Response release(UUID order) {
        return given().delete("/reservations/" + order);
    }

    /** Lets the reservation seem to have been made so long ago, by the database's clock. */
    private static void age(UUID order, String interval) {
        execute("UPDATE reservation SET expires_at = expires_at - interval '" + interval + "' WHERE order_id = '"
                + order + "'");
    }

    private static int difference(JsonPath before, JsonPath after, String name) {
        return after.getInt(name) - before.getInt(name);
    }

    private static void execute(String sql) {
        try (var connection = PostgresServer.shared().connect("inventory");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
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

    private static void problem(Response answer, int status, String slug) {
        answer.then()
                .statusCode(status)
                .contentType(PROBLEM)
                .body("status", equalTo(status))
                .body("type", equalTo("urn:vitrina:problem:" + slug));
    }
}

package org.vitrina.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.PostgresResource;

/** Reservations on PostgreSQL. Each test has products and orders of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "inventory"))
class ReservationTest extends ReservationSuite {
    @Inject
    InventoryWarmUp warmUp;

    /** Callers have taken whatever id; none of that is met by what the service does of its own, and all of it is counted. */
    @ParameterizedTest
    @ValueSource(strings = {"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"})
    void anyIdIsAnOrderLikeEveryOther(UUID order) throws Throwable {
        int product = product(10);
        reserve(order, item(product, 4)).then().statusCode(201);
        given().get("/ops/audit").then().body("findings", equalTo(List.of()));
        release(order).then().statusCode(204);
        String before =
                text("SELECT count(*) || ' ' || (SELECT sum(on_hand - reserved) FROM inventory) FROM reservation");

        VertxContextSupport.subscribeAndAwait(warmUp::work);

        assertThat(text("SELECT count(*) || ' ' || (SELECT sum(on_hand - reserved) FROM inventory) FROM reservation"))
                .isEqualTo(before);
        given().get("/ops/audit").then().body("findings", equalTo(List.of()));
    }

    @Test
    void aCancellationLaterThanEveryRetentionBringsTheStockBack() {
        int product = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, item(product, 4)).then().statusCode(201);
        commit(order).then().statusCode(204);
        age(order, "20 years");
        sweep();
        run(purge);

        release(order).then().statusCode(204);

        assertThat(level(product)).isEqualTo(10);
    }

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
                IntStream.rangeClosed(1, 1_000).mapToObj(id -> item(id, 1)).toArray(String[]::new);
        problem(reserve(UUID.randomUUID(), items), 400, "validation");
    }

    @Test
    void itemsBeyondAHundredAreNotJudged() {
        String[] items = new String[12_000];
        Arrays.fill(items, "null");
        long begin = System.nanoTime();
        reserve(UUID.randomUUID(), items)
                .then()
                .statusCode(400)
                .body("violations.field", equalTo(List.of("items")))
                .body("violations.message", equalTo(List.of("size must be between 1 and 100")));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
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
}

package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.PostgresResource;

/** What a buyer sees of their orders, and the version of them all. Each test has a buyer of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
class OrderListTest extends OrdersSuite {
    @Test
    void theCollectionHasOneVersionForAllAndOneFingerprint() {
        Buyer buyer = Buyer.in(shop);
        String none =
                buyer.list().then().header("ETag", "\"0\"").extract().jsonPath().getString("fingerprint");
        var prints = new HashSet<>(List.of(none));
        String first = buyer.bought(1);
        prints.add(
                buyer.list().then().header("ETag", "\"2\"").extract().jsonPath().getString("fingerprint"));
        buyer.bought(1);
        prints.add(
                buyer.list().then().header("ETag", "\"4\"").extract().jsonPath().getString("fingerprint"));
        buyer.cancelled(first).header("ETag", "\"6\"");
        prints.add(
                buyer.list().then().header("ETag", "\"6\"").extract().jsonPath().getString("fingerprint"));

        assertThat(prints).hasSize(4).allMatch(print -> print.matches("[0-9a-f]{32}"));
        buyer.list().then().header("ETag", "\"6\"");
        buyer.get(first).then().header("ETag", "\"6\"");
    }

    @Test
    void anotherVersionThanTheCallersIs412AndNothingIsDone() {
        Buyer buyer = Buyer.in(shop);
        String stale = buyer.list().jsonPath().getString("fingerprint");
        buyer.bought(1);
        for (String condition : List.of("\"0\"", "1", "W/\"2\"", "\"" + stale + "\"", stale, "\"3\", \"1\"")) {
            Response refused = conditional(buyer, condition);
            problem(refused, 412, "orders-changed");
            refused.then().header("ETag", "\"2\"");
        }
        buyer.assertSpent("10.00", 1);
    }

    @Test
    void theCallersVersionIsTakenInEveryForm() {
        Buyer buyer = Buyer.in(shop);
        conditional(buyer, "\"0\"").then().statusCode(201).header("ETag", "\"2\"");
        conditional(buyer, "2").then().statusCode(201);
        conditional(buyer, "\"9\", \"4\"").then().statusCode(201);
        String print = buyer.list().jsonPath().getString("fingerprint");
        conditional(buyer, "\"" + print + "\"").then().statusCode(201);
        conditional(buyer, buyer.list().jsonPath().getString("fingerprint"))
                .then()
                .statusCode(201);
        conditional(buyer, "*").then().statusCode(201).header("ETag", "\"12\"");
        // several lines of the header are one list
        buyer.request()
                .header("Idempotency-Key", Buyer.key())
                .header("If-Match", "W/\"12\"")
                .header("If-Match", "\"12\"")
                .body(buyer.body(1))
                .post("/api/v1/orders/")
                .then()
                .statusCode(201)
                .header("ETag", "\"14\"");
    }

    @Test
    void listsNewestFirstPageByPage() {
        Buyer buyer = Buyer.in(shop);
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(buyer.bought(1));
        }
        assertThat(buyer.list().jsonPath().getList("orders.order_id")).isEqualTo(ids);
        assertThat(buyer.list().jsonPath().getList("orders.sequence")).isEqualTo(List.of(5, 4, 3, 2, 1));

        Response first = buyer.request().get("/api/v1/orders/?limit=2");
        assertThat(first.jsonPath().getList("orders.order_id")).isEqualTo(ids.subList(0, 2));
        assertThat(first.header("Link"))
                .startsWith("</api/v1/orders")
                .contains("before=" + ids.get(1))
                .contains("limit=2")
                .endsWith("; rel=\"next\"");
        // an order that comes meanwhile disturbs nothing
        buyer.bought(1);
        Response second = buyer.request().get("/api/v1/orders/?limit=2&before=" + ids.get(1));
        assertThat(second.jsonPath().getList("orders.order_id")).isEqualTo(ids.subList(2, 4));
        Response last = buyer.request().get("/api/v1/orders/?limit=2&before=" + ids.get(3));
        assertThat(last.jsonPath().getList("orders.order_id")).isEqualTo(ids.subList(4, 5));
        assertThat(last.header("Link")).isNull();
        assertThat(last.header("ETag")).isEqualTo("\"12\"");
        assertThat(last.jsonPath().getString("fingerprint"))
                .isEqualTo(buyer.list().jsonPath().getString("fingerprint"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=101", "limit=x", "before=1", "before=" + "00000000-0000-7000-8000-000000000000"
            })
    void refusesAPageThatIsNone(String query) {
        problem(given().get("/api/v1/orders/?" + query), 400, "bad-request");
    }

    @Test
    void anOrderIsItsBuyersAlone() {
        Buyer buyer = Buyer.in(shop);
        Buyer other = Buyer.in(shop);
        String order = buyer.bought(1);

        problem(other.get(order), 404, "not-found");
        problem(
                other.request().accept("text/event-stream").get("/api/v1/orders/" + order + "/events"),
                404,
                "not-found");
        problem(other.cancel(order), 400, "bad-request");
        problem(other.request().get("/api/v1/orders/?before=" + order), 400, "bad-request");
        assertThat(buyer.status(order)).isEqualTo("confirmed");
        assertThat(other.orders()).isZero();
    }

    @Test
    void whoNamesNoUserIsTheDefaultOne() {
        given().get("/api/v1/orders").then().statusCode(200);
        problem(given().get("/api/v1/orders/?user_id=0"), 400, "bad-request");
        problem(given().get("/api/v1/orders/?user_id=x"), 400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "x",
                "0-0-0-0-0",
                "00000000-0000-7000-8000-00000000000",
                "00000000-0000-7000-8000-00000000000g"
            })
    void refusesAnIdThatIsNone(String id) {
        problem(given().get("/api/v1/orders/" + id), 400, "bad-request");
        problem(given().delete("/api/v1/orders/" + id), 400, "bad-request");
    }

    @Test
    void anOrderThatNeverWasIs404AndCannotBeCancelled() {
        Buyer buyer = Buyer.in(shop);
        String none = UUID.randomUUID().toString();
        problem(buyer.get(none), 404, "not-found");
        problem(buyer.cancel(none), 400, "bad-request");
    }
}

package org.vitrina.predictions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.vitrina.predictions.Store.SOON;
import static org.vitrina.predictions.Store.awaitValue;
import static org.vitrina.predictions.Store.count;
import static org.vitrina.predictions.Store.newProduct;
import static org.vitrina.predictions.Store.prediction;
import static org.vitrina.predictions.Store.sql;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** From a changed product to its prediction, whatever happens in between. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "predictions"))
@WithTestResource(BrokerResource.class)
class ProductPredictionsTest extends ProductPredictionsSuite {
    @Inject
    PredictionRepository repository;

    @Test
    void predictsAProductThatWasChanged() {
        int product = newProduct();
        try (FakeModel model = new FakeModel(broker, mailbox, "m1").start(mailbox)) {
            store.changed(product, 3, 11, 150.647483);

            awaitValue(product, 150.647483);
            assertThat(model.asked()).contains("product:" + product + ":3");
        }
        Response shown = prediction(product);
        shown.then()
                .header("Cache-Control", "public, max-age=5, stale-if-error=600")
                .header("ETag", matchesPattern("\"[A-Za-z0-9_-]{20}\""));
        assertThat(shown.jsonPath().<String, Object>getMap(""))
                .containsOnlyKeys("product_id", "value", "model_version", "valid_from")
                .containsEntry("product_id", product)
                .containsEntry("model_version", "m1");
        assertThat(shown.jsonPath().getString("valid_from")).matches("[0-9-]{10}T[0-9:.]+Z");
        for (String known : new String[] {shown.header("ETag"), "*"}) {
            given().header("If-None-Match", known)
                    .get("/predictions/product/" + product + "/")
                    .then()
                    .statusCode(304)
                    .header("ETag", shown.header("ETag"));
        }
        given().header("If-None-Match", "\"other\"")
                .get("/predictions/product/" + product)
                .then()
                .statusCode(200);
    }

    @Test
    void knowsNoPredictionBeforeTheModelHasAnswered() {
        int product = newProduct();
        store.changed(product, 1, 11, 1);
        await().atMost(SOON).until(() -> count("product WHERE product_id = " + product) == 1);

        problem(prediction(product), 404, "not-found");
        problem(given().get("/predictions/product/" + newProduct()), 404, "not-found");
        drainFeatures();
    }

    @Test
    void tellsHowManyProductsWaitForTheModelAndForHowLong() {
        AtomicLong nanos = new AtomicLong();
        var registry = new SimpleMeterRegistry();
        var waiting = new WaitingPredictions(repository, registry, nanos::get);
        int product = newProduct();
        store.changed(product, 1, 11, 1);
        await().atMost(SOON).until(() -> count("product WHERE product_id = " + product) == 1);
        waiting.work().await().atMost(SOON);
        assertThat(registry.get("vitrina.predictions.waiting").gauge().value()).isPositive();

        nanos.addAndGet(Duration.ofMinutes(6).toNanos());
        waiting.work().await().atMost(SOON);
        assertThat(registry.get("vitrina.predictions.waiting.age").gauge().value())
                .isEqualTo(360);

        sql("UPDATE product SET answered_version = version");
        waiting.work().await().atMost(SOON);
        assertThat(registry.get("vitrina.predictions.waiting").gauge().value()).isZero();
        assertThat(registry.get("vitrina.predictions.waiting.age").gauge().value())
                .isZero();
        drainFeatures();
    }

    @Test
    void replacesAPredictionByThatOfANewerVersionOnly() {
        int product = newProduct();
        store.changed(product, 1, 11, 1);
        store.changed(product, 2, 11, 2);
        await().atMost(SOON).until(() -> count("product WHERE version = 2 AND product_id = " + product) == 1);
        double late = outcomes("late");

        store.answered("product:" + product + ":2", 22, "m2");
        awaitValue(product, 22);
        store.answered("product:" + product + ":1", 11, "m1");

        await().atMost(SOON).until(() -> outcomes("late") == late + 1);
        assertThat(prediction(product).jsonPath().getDouble("value")).isEqualTo(22);
        assertThat(count("prediction WHERE product_id = " + product)).isEqualTo(1);
        drainFeatures();
    }

    @RepeatedTest(3)
    void ofAnswersThatRaceTheOneForTheNewestVersionStays() {
        int product = newProduct();
        IntStream.rangeClosed(1, 20).forEach(version -> store.changed(product, version, 11, version));
        await().atMost(SOON).until(() -> count("product WHERE version = 20 AND product_id = " + product) == 1);
        double taken = outcomes("late") + outcomes("stored");

        Race.of(20, i -> {
            store.answered("product:" + product + ":" + (20 - i), 100.0 + 20 - i, "m1");
            return i;
        });

        await().atMost(SOON).until(() -> outcomes("late") + outcomes("stored") == taken + 20);
        assertThat(prediction(product).jsonPath().getDouble("value")).isEqualTo(120);
        // what was the latest once became so in the order of the versions
        assertThat(count("(SELECT version, lag(version) OVER (ORDER BY valid_from) AS before FROM prediction"
                        + " WHERE product_id = " + product + ") AS history WHERE before > version"))
                .isZero();
        drainFeatures();
    }

    @Test
    void takesInAnAnswerOnceThatComesAThousandTimes() {
        int product = newProduct();
        store.changed(product, 1, 11, 1);
        await().atMost(SOON).until(() -> count("product WHERE product_id = " + product) == 1);
        double duplicates = outcomes("duplicate");

        store.answered("product:" + product + ":1", 5, "m1", 1000);

        await().atMost(SOON).until(() -> outcomes("duplicate") == duplicates + 999);
        assertThat(count("prediction WHERE product_id = " + product)).isEqualTo(1);
        awaitValue(product, 5);
        drainFeatures();
    }

    @Test
    void asksTheModelOnceForAChangeThatComesAThousandTimes() {
        int product = newProduct();
        double old = changes("old");
        mailbox.send(
                "", ProductsChanged.QUEUE, null, Store.event(product, 1, 11, 4).getBytes(StandardCharsets.UTF_8), 1000);

        await().atMost(SOON).until(() -> changes("old") == old + 999);
        try (FakeModel model = new FakeModel(broker, mailbox, "m1").start(mailbox)) {
            awaitValue(product, 4);
            assertThat(model.asked())
                    .filteredOn(id -> id.startsWith("product:" + product + ":"))
                    .containsExactly("product:" + product + ":1");
        }
    }

    @RepeatedTest(3)
    void ofChangesThatRaceTheNewestIsKnown() {
        int product = newProduct();
        Race.of(16, i -> {
            store.changed(product, i + 1, 50 + i, i);
            return i;
        });

        await().atMost(SOON).until(() -> count("product WHERE version = 16 AND product_id = " + product) == 1);
        assertThat(count("product WHERE category_id = 65 AND features[1] = 15 AND product_id = " + product))
                .isEqualTo(1);
        drainFeatures();
    }

    @Test
    void tellsThePredictionThatWasValidWhenADayEnded() {
        int product = newProduct();
        store.changed(product, 1, 11, 1);
        store.changed(product, 2, 11, 1);
        store.changed(product, 3, 11, 1);
        await().atMost(SOON).until(() -> count("product WHERE version = 3 AND product_id = " + product) == 1);
        for (int version = 1; version <= 3; version++) {
            store.answered("product:" + product + ":" + version, version, "m1");
            awaitValue(product, version);
        }
        valid(product, 1, "2020-01-01T00:00:00Z");
        valid(product, 2, "2020-01-01T23:59:59.999999Z");
        valid(product, 3, "2020-03-01T00:00:00Z");

        problem(on(product, "2019-12-31"), 404, "not-found");
        assertThat(on(product, "2020-01-01").jsonPath().getDouble("value")).isEqualTo(2);
        assertThat(on(product, "2020-02-29").jsonPath().getDouble("value")).isEqualTo(2);
        assertThat(on(product, "2020-03-01").jsonPath().getDouble("value")).isEqualTo(3);
        assertThat(on(product, "2999-12-31").jsonPath().getDouble("value")).isEqualTo(3);
        assertThat(on(product, "2020-03-01").jsonPath().getString("valid_from")).isEqualTo("2020-03-01T00:00:00Z");
        drainFeatures();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "2021-3-01",
                "2021-02-30",
                "2021-13-01",
                "2021-03",
                "0000-01-01",
                "2021-03-01T00:00Z",
                "20210301",
                "+12021-03-01"
            })
    void refusesADateThatIsNone(String date) {
        problem(on(1, date), 400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "abc", "1.0", "2147483648", "%20"})
    void refusesAnIdThatIsNone(String id) {
        problem(given().urlEncodingEnabled(false).get("/predictions/product/" + id), 400, "bad-request");
        problem(given().urlEncodingEnabled(false).get("/predictions/category/" + id), 400, "bad-request");
        problem(given().urlEncodingEnabled(false).delete("/predictions/product/" + id), 400, "bad-request");
    }

    @Test
    void showsACategoryPageByPage() {
        int category = 700_001;
        List<Integer> products =
                IntStream.range(0, 5).mapToObj(i -> newProduct()).toList();
        products.forEach(product -> store.changed(product, 1, category, product));
        int unanswered = newProduct();
        await().atMost(SOON).until(() -> count("product WHERE category_id = " + category) == 5);
        products.forEach(product -> store.answered("product:" + product + ":1", product, "m1"));
        products.forEach(product -> awaitValue(product, product));
        store.changed(unanswered, 1, category, 1);
        await().atMost(SOON).until(() -> count("product WHERE category_id = " + category) == 6);

        Response first = given().get("/predictions/category/" + category + "/?limit=3");
        first.then()
                .statusCode(200)
                .body("product_id", equalTo(products.subList(0, 3)))
                .body("[0].value", equalTo((float) products.getFirst()))
                .header(
                        "Link",
                        equalTo("</predictions/category/" + category + "/?limit=3&after=" + products.get(2)
                                + ">; rel=\"next\""));
        given().get("/predictions/category/" + category + "?limit=3&after=" + products.get(2))
                .then()
                .body("product_id", equalTo(products.subList(3, 5)))
                .header("Link", nullValue());
        given().get("/predictions/category/700002").then().statusCode(200).body("", hasSize(0));
        problem(given().get("/predictions/category/1?limit=501"), 400, "bad-request");
        problem(given().get("/predictions/category/1?limit=0"), 400, "bad-request");
        problem(given().get("/predictions/category/1?after=x"), 400, "bad-request");
        drainFeatures();
    }

    @Test
    void aProductThatMovesIsInItsNewCategory() {
        int product = newProduct();
        store.changed(product, 1, 700_003, 1);
        await().atMost(SOON).until(() -> count("product WHERE product_id = " + product) == 1);
        store.answered("product:" + product + ":1", 1, "m1");
        awaitValue(product, 1);
        store.changed(product, 2, 700_004, 1);

        await().atMost(SOON).untilAsserted(() -> given().get("/predictions/category/700004")
                .then()
                .body("product_id", equalTo(List.of(product))));
        given().get("/predictions/category/700003").then().body("", hasSize(0));
        drainFeatures();
    }

    @Test
    void forgetsPredictionsThatAreDeletedAndNoRepetitionBringsThemBack() {
        int product = newProduct();
        store.changed(product, 1, 11, 1);
        await().atMost(SOON).until(() -> count("product WHERE product_id = " + product) == 1);
        store.answered("product:" + product + ":1", 9, "m1");
        awaitValue(product, 9);

        given().delete("/predictions/product/" + product + "/").then().statusCode(204);

        problem(prediction(product), 404, "not-found");
        problem(on(product, "2999-12-31"), 404, "not-found");
        problem(given().delete("/predictions/product/" + product), 404, "not-found");
        double duplicates = outcomes("duplicate");
        store.answered("product:" + product + ":1", 9, "m1");
        await().atMost(SOON).until(() -> outcomes("duplicate") == duplicates + 1);
        problem(prediction(product), 404, "not-found");

        store.changed(product, 2, 11, 1);
        await().atMost(SOON).until(() -> count("product WHERE version = 2 AND product_id = " + product) == 1);
        store.answered("product:" + product + ":2", 10, "m1");
        awaitValue(product, 10);
        drainFeatures();
    }

    private static Response on(int product, String date) {
        return given().queryParam("date", date).get("/predictions/product/" + product);
    }

    private static void valid(int product, int version, String from) {
        sql("UPDATE prediction SET valid_from = '" + from + "' WHERE product_id = " + product + " AND version = "
                + version);
    }
}

package org.vitrina.predictions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.vitrina.predictions.Store.SOON;
import static org.vitrina.predictions.Store.awaitValue;
import static org.vitrina.predictions.Store.count;
import static org.vitrina.predictions.Store.newProduct;
import static org.vitrina.predictions.Store.prediction;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;

/** Messages about products that are strange, dead, or late. Each test has products of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "predictions"))
@WithTestResource(BrokerResource.class)
class PredictionMessagesTest extends ProductPredictionsSuite {
    /** The default of vitrina.queues.prefetch. */
    private static final long PREFETCH = 32;

    @Test
    void aProductThatIsGoneHasNoPredictionAnyMore() {
        int product = newProduct();
        store.changed(product, 1, 11, 1);
        await().atMost(SOON).until(() -> count("product WHERE product_id = " + product) == 1);
        store.answered("product:" + product + ":1", 9, "m1");
        awaitValue(product, 9);
        double late = outcomes("late");

        mailbox.send(
                "",
                ProductsChanged.QUEUE,
                "gone",
                "{\"product_id\":" + product + ",\"version\":2,\"deleted\":true,\"actor\":\"4711\"}");

        await().atMost(SOON).untilAsserted(() -> problem(prediction(product), 404, "not-found"));
        store.answered("product:" + product + ":1", 9, "m1");
        await().atMost(SOON).until(() -> outcomes("late") == late + 1);
        problem(prediction(product), 404, "not-found");
        assertThat(given().get("/ops/trail")
                        .jsonPath()
                        .getList("findAll { it.subject == 'product " + product + "' }.actor"))
                .as("the message says who removed the product")
                .containsExactly("4711");
        drainFeatures();
    }

    @Test
    void asksNothingForAProductWithoutFeatures() {
        int product = newProduct();
        double noted = changes("noted");
        mailbox.send(
                "", ProductsChanged.QUEUE, "bare", "{\"product_id\":" + product + ",\"version\":1,\"features\":null}");

        await().atMost(SOON).until(() -> changes("noted") == noted + 1);
        assertThat(count("outbox WHERE ordering_key LIKE 'product:" + product + ":%'"))
                .isZero();
        drainFeatures();
    }

    /** Those of the generator, of another install, of older clients. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"row-102-7\",\"value\":1,\"model_version\":\"m1\"}",
                "{\"id\":7,\"value\":1}",
                "{\"value\":1}",
                "{\"id\":\"product:0:1\",\"value\":1,\"model_version\":\"m1\"}",
                "{\"id\":\"product:99999999999:1\",\"value\":1,\"model_version\":\"m1\"}",
                "{\"id\":\"request:7\",\"value\":1,\"model_version\":\"m1\"}",
                "150.6",
                "[1,2]",
                "\"x\""
            })
    void passesOverAnswersToOthersQuestions(String body) {
        double foreign = outcomes("foreign");

        mailbox.send("", ModelAnswers.QUEUE, "foreign", body);

        await().atMost(SOON).until(() -> outcomes("foreign") == foreign + 1);
        assertThat(count("parked_message")).isZero();
    }

    @Test
    void passesOverAnAnswerForAProductItNeverHeardOf() {
        double unknown = outcomes("unknown");

        store.answered("product:" + newProduct() + ":1", 1, "m1");

        await().atMost(SOON).until(() -> outcomes("unknown") == unknown + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"version\":1}",
                "{\"product_id\":0,\"version\":1}",
                "{\"product_id\":1}",
                "{\"product_id\":1,\"version\":1,\"features\":[1]}",
                "{\"product_id\":1,\"version\":1,\"features\":[1,2,3,4,5,6,7,8,9,\"x\"]}",
                "{\"product_id\":1,\"version\":1,\"features\":[1,2,3,4,5,6,7,8,9,1e999]}",
                "{\"product_id\":1,\"version\":1,\"features\":[1,2,3,4,5,6,7,8,9,1.1e100]}"
            })
    void aChangeThatCannotBeReadIsADeadLetterAndStopsNothing(String body) {
        mailbox.send("", ProductsChanged.QUEUE, "bad", body);

        assertThat(deadLetter(ProductsChanged.QUEUE).body()).isEqualTo(body);
        int product = newProduct();
        store.changed(product, 1, 11, 1);
        await().atMost(SOON).until(() -> count("product WHERE product_id = " + product) == 1);
        drainFeatures();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"product:1:1\",\"model_version\":\"m\"}",
                "{\"id\":\"product:1:1\",\"value\":\"x\",\"model_version\":\"m\"}",
                "{\"id\":\"product:1:1\",\"value\":1e999,\"model_version\":\"m\"}",
                "{\"id\":\"product:1:1\",\"value\":-1.7e308,\"model_version\":\"m\"}",
                "{\"id\":\"product:1:1\",\"value\":1}",
                "{\"id\":\"product:1:1\",\"value\":1,\"model_version\":\"\"}",
                "no json"
            })
    void anAnswerThatCannotBeReadIsADeadLetterAndStopsNothing(String body) {
        mailbox.send("", ModelAnswers.QUEUE, "bad", body);

        assertThat(deadLetter(ModelAnswers.QUEUE).body()).isEqualTo(body);
        passesOverAnAnswerForAProductItNeverHeardOf();
    }

    @Test
    void takesDeadLettersUpAgain() {
        mailbox.send("", ProductsChanged.QUEUE, "again", "{}");
        mailbox.send("", ModelAnswers.QUEUE, "again", "no json");
        for (String queue : List.of(ProductsChanged.QUEUE, ModelAnswers.QUEUE)) {
            await().atMost(SOON).until(() -> mailbox.waiting(queue + ".dlq") == 1);
        }
        problem(given().post("/ops/redrive?limit=x"), 400, "bad-request");

        assertThat(given().post("/ops/redrive?limit=1").asString()).isEqualTo("{\"redriven\":1}");
        assertThat(given().post("/ops/redrive/").jsonPath().getInt("redriven")).isPositive();

        assertThat(deadLetter(ProductsChanged.QUEUE).body()).isEqualTo("{}");
        assertThat(deadLetter(ModelAnswers.QUEUE).body()).isEqualTo("no json");
    }

    @Test
    void losesNothingWhileTheBrokerIsAway() {
        int before = newProduct();
        store.changed(before, 1, 11, 1);
        await().atMost(SOON).until(() -> count("product WHERE product_id = " + before) == 1);
        broker.kill();
        Response meanwhile;
        try {
            meanwhile = given().contentType("application/json")
                    .body("{\"features\":" + Store.features(33) + "}")
                    .post("/predictions/requests");
            assertThat(meanwhile.statusCode()).isEqualTo(202);
            problem(prediction(before), 404, "not-found");
        } finally {
            broker.restart();
        }

        try (FakeModel model = new FakeModel(broker, mailbox, "m1").start(mailbox)) {
            awaitValue(before, 1);
            await().atMost(SOON).until(() -> given().get(meanwhile.header("Location"))
                    .jsonPath()
                    .getString("status")
                    .equals("done"));
            assertThat(given().get(meanwhile.header("Location")).jsonPath().getDouble("value"))
                    .isEqualTo(33);
            int after = newProduct();
            store.changed(after, 1, 11, 2);
            awaitValue(after, 2);
            assertThat(model.handled()).isPositive();
        }
    }

    /** A consumer that hangs takes no more from the broker than its prefetch. */
    @Test
    void leavesInTheBrokerWhatItCannotTakeIn() {
        int answers = 20_000;
        int product = newProduct();
        store.changed(product, 1, 11, 1);
        await().atMost(SOON).until(() -> count("product WHERE product_id = " + product) == 1);
        double taken = outcomes("stored") + outcomes("duplicate");
        PostgresServer.shared().freeze();
        try {
            store.answered("product:" + product + ":1", 5, "m1", answers);
            await().atMost(SOON).until(() -> mailbox.waiting(ModelAnswers.QUEUE) == answers - PREFETCH);
            assertThat(outcomes("stored") + outcomes("duplicate")).isEqualTo(taken);
        } finally {
            PostgresServer.shared().thaw();
        }

        await().atMost(SOON.multipliedBy(2)).until(() -> outcomes("stored") + outcomes("duplicate") >= taken + answers);
        assertThat(mailbox.waiting(ModelAnswers.QUEUE)).isZero();
        assertThat(count("prediction WHERE product_id = " + product)).isEqualTo(1);
        drainFeatures();
    }

    private Mailbox.Letter deadLetter(String queue) {
        List<Mailbox.Letter> letters =
                await().atMost(SOON).until(() -> mailbox.take(queue + ".dlq"), found -> !found.isEmpty());
        assertThat(letters).hasSize(1);
        assertThat(letters.getFirst().headers().get("x-vitrina-reason")).isNotBlank();
        assertThat(letters.getFirst().headers()).containsEntry("x-vitrina-attempts", "5");
        return letters.getFirst();
    }
}

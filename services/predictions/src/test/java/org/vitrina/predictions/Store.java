package org.vitrina.predictions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.path.json.JsonPath;
import io.restassured.path.json.config.JsonPathConfig;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.Mailbox;

/** The world around predictions: what products says, what the model says, what callers see. */
final class Store {
    static final Duration SOON = Duration.ofSeconds(60);
    private static final AtomicInteger PRODUCTS = new AtomicInteger(1_000_000);

    private final Mailbox mailbox;

    Store(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    /** Until the service serves and reads both of its queues. */
    Store awaitReady() {
        await().atMost(SOON)
                .untilAsserted(
                        () -> given().get("/predictions/category/1").then().statusCode(200));
        for (String queue : new String[] {ProductsChanged.QUEUE, ModelAnswers.QUEUE}) {
            await().atMost(SOON).ignoreExceptions().until(() -> mailbox.consumers(queue) > 0);
        }
        return this;
    }

    /** An id that no other test uses. */
    static int newProduct() {
        return PRODUCTS.incrementAndGet();
    }

    /** products tells of a change; the features' sum is {@code sum}. */
    void changed(int product, long version, int category, double sum) {
        mailbox.send("", ProductsChanged.QUEUE, UUID.randomUUID().toString(), event(product, version, category, sum));
    }

    static String event(int product, long version, int category, double sum) {
        return new JsonObject()
                .put("product_id", product)
                .put("version", version)
                .put("category_id", category)
                .put("features", features(sum))
                .encode();
    }

    static JsonArray features(double sum) {
        var features = new JsonArray().add(sum);
        for (int i = 1; i < 10; i++) {
            features.add(0);
        }
        return features;
    }

    void answered(String id, double value, String modelVersion) {
        answered(id, value, modelVersion, 1);
    }

    /** The model answers, {@code times} times the same; straight into the queue, as if by the exchange. */
    void answered(String id, double value, String modelVersion, int times) {
        mailbox.send(
                "",
                ModelAnswers.QUEUE,
                null,
                FakeModel.json(id, value, modelVersion).getBytes(StandardCharsets.UTF_8),
                times);
    }

    /** With numbers as they are, where rest-assured would make floats of them. */
    static JsonPath exactly(Response answer) {
        return JsonPath.from(answer.asString()).using(new JsonPathConfig(JsonPathConfig.NumberReturnType.DOUBLE));
    }

    static Response prediction(int product) {
        return given().get("/predictions/product/" + product);
    }

    static JsonPath awaitValue(int product, double value) {
        await().atMost(SOON).untilAsserted(() -> {
            Response answer = prediction(product);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(exactly(answer).getDouble("value")).isEqualTo(value);
        });
        return exactly(prediction(product));
    }

    static long count(String tableAndCondition) {
        return number("SELECT count(*) FROM " + tableAndCondition);
    }

    static long number(String query) {
        try (Connection connection = PostgresServer.shared().connect("predictions");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void sql(String change) {
        try (Connection connection = PostgresServer.shared().connect("predictions");
                var statement = connection.createStatement()) {
            statement.execute(change);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

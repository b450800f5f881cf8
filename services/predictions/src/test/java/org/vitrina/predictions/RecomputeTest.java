package org.vitrina.predictions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.vitrina.predictions.Store.SOON;
import static org.vitrina.predictions.Store.awaitValue;
import static org.vitrina.predictions.Store.count;
import static org.vitrina.predictions.Store.sql;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.BrokerServer;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** All products predicted anew. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "predictions"))
@WithTestResource(BrokerResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class RecomputeTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final int PRODUCTS = 10_000;
    private static final String FEATURES = "'{1,2,3,4,5,6,7,8,9,10}'";

    BrokerServer broker;
    Mailbox mailbox;

    @BeforeEach
    void emptyShop() {
        new Store(mailbox).awaitReady();
        // also where no other test had a model before
        mailbox.bind("features", "none", "none");
        await().atMost(SOON).until(() -> count("outbox") == 0);
        mailbox.take("features");
        sql("TRUNCATE product, prediction, recomputation");
    }

    @Test
    void predictsTenThousandProductsAnew() {
        products(PRODUCTS);
        // none of these two is asked for
        sql("UPDATE product SET features = NULL WHERE product_id = 17");
        sql("UPDATE product SET deleted = TRUE WHERE product_id = 18");

        try (FakeModel first = new FakeModel(broker, mailbox, "m2").start(mailbox);
                FakeModel second = new FakeModel(broker, mailbox, "m2").start(mailbox)) {
            given().post("/ops/recompute").then().statusCode(202).body("products", equalTo(PRODUCTS - 2));
            JsonPath done = await().atMost(TIMEOUT).until(RecomputeTest::progress, now -> now.getString("state")
                    .equals("done"));

            assertThat(done.getInt("sent")).isEqualTo(PRODUCTS - 2);
            assertThat(done.getInt("answered")).isEqualTo(PRODUCTS - 2);
            assertThat(first.handled() + second.handled()).isEqualTo(PRODUCTS - 2);
        }
        assertThat(count("product WHERE value = product_id AND model_version = 'm2'"))
                .isEqualTo(PRODUCTS - 2);
        assertThat(count("prediction WHERE value = product_id")).isEqualTo(PRODUCTS - 2);
        given().get("/predictions/product/17").then().statusCode(404);
        given().get("/predictions/product/18").then().statusCode(404);
    }

    @Test
    void aNewModelReplacesThePredictionsOfUnchangedProducts() {
        products(10);
        try (FakeModel old = new FakeModel(broker, mailbox, "m1").start(mailbox)) {
            given().post("/ops/recompute/").then().statusCode(202);
            await().atMost(SOON).until(() -> progress().getString("state").equals("done"));
            assertThat(old.handled()).isEqualTo(10);
        }
        int before = progress().getInt("run");
        try (FakeModel other = new FakeModel(broker, mailbox, "m2").start(mailbox)) {
            given().post("/ops/recompute").then().statusCode(202);
            await().atMost(SOON)
                    .until(() -> progress().getInt("run") > before
                            && progress().getString("state").equals("done"));
            assertThat(other.asked()).contains("product:3:1:" + progress().getInt("run"));
        }
        assertThat(count("product WHERE model_version = 'm2'")).isEqualTo(10);
        assertThat(count("prediction")).isEqualTo(20);
    }

    @Test
    void aChangeDuringARecomputationCountsMoreThanIt() {
        products(3);
        given().post("/ops/recompute").then().statusCode(202);
        await().atMost(SOON).until(() -> progress().getString("state").equals("waiting"));
        int run = progress().getInt("run");
        var store = new Store(mailbox);
        store.changed(2, 2, 1, 200);
        await().atMost(SOON).until(() -> count("product WHERE version = 2") == 1);
        store.answered("product:2:2", 200, "m1");
        awaitValue(2, 200);

        store.answered("product:1:1:" + run, 1, "m1");
        store.answered("product:2:1:" + run, 2, "m1");
        store.answered("product:3:1:" + run, 3, "m1");

        await().atMost(SOON).until(() -> progress().getString("state").equals("done"));
        awaitValue(2, 200);
        assertThat(progress().getInt("answered")).isEqualTo(3);
    }

    @Test
    void askedForAgainAndAgainSendsEachProductOnce() {
        products(2_000);

        Race.of(16, i -> given().post("/ops/recompute").then().statusCode(202));

        await().atMost(TIMEOUT).until(() -> progress().getString("state").equals("waiting"));
        await().atMost(TIMEOUT).until(() -> count("outbox") == 0);
        int runs = (int) count("recomputation");
        assertThat(mailbox.waiting("features")).isEqualTo(2_000L * runs);
        assertThat(count("recomputation WHERE sent = 2000")).isEqualTo(runs);
    }

    /** Whatever comes of the same products and clients from many sides, no two statements wait for each other. */
    @Test
    void noStepsOfPredictionsWaitForEachOther() {
        products(6);
        List<UUID> clients = Stream.generate(UUID::randomUUID).limit(2).toList();
        List<UUID> requests = Stream.generate(UUID::randomUUID).limit(8).toList();

        var ends = Race.of(8, i -> {
            var random = new Random(i);
            try (var database = PostgresServer.shared().connect("predictions");
                    var statement = database.createStatement()) {
                for (int round = 0; round < 60; round++) {
                    int product = 1 + random.nextInt(6);
                    int request = random.nextInt(requests.size());
                    statement.execute(
                            switch (random.nextInt(8)) {
                                case 0, 1 ->
                                    "SELECT product_changed(%d, %d, 1, %s, FALSE)"
                                            .formatted(product, 2 + random.nextInt(500), FEATURES);
                                case 2 -> "SELECT product_answered(%d, 1, %d, 1, 'm')".formatted(product, round);
                                case 3 -> "SELECT forget_predictions(%d)".formatted(product);
                                case 4 -> "SELECT recompute_batch(4, 1000000)";
                                case 5 ->
                                    "INSERT INTO recomputation (products) VALUES (6) ON CONFLICT ((sent_at IS NULL))"
                                            + " WHERE sent_at IS NULL DO NOTHING";
                                case 6 ->
                                    "INSERT INTO prediction_request (id, features, client) VALUES ('%s', %s, '%s')"
                                                    .formatted(
                                                            requests.get(request), FEATURES, clients.get(request % 2))
                                            + " ON CONFLICT (id) DO UPDATE SET value = NULL, model_version = NULL,"
                                            + " answered_at = NULL, client_answer = NULL";
                                default -> "SELECT request_answered('%s', 1, 'm')".formatted(requests.get(request));
                            });
                }
                return "";
            } catch (SQLException e) {
                return String.valueOf(e.getMessage());
            }
        });

        assertThat(ends).containsOnly("");
        // nobody else is to find a run that is never answered
        await().atMost(SOON).until(() -> count("outbox") == 0);
        mailbox.take("features");
        sql("TRUNCATE product, prediction, recomputation");
    }

    @Test
    void tellsThatThereHasBeenNone() {
        given().get("/ops/recompute").then().statusCode(404);
    }

    @Test
    void ofNoProductsIsDoneAtOnce() {
        given().post("/ops/recompute").then().statusCode(202).body("products", equalTo(0));
        await().atMost(SOON).until(() -> progress().getString("state").equals("done"));
    }

    private static JsonPath progress() {
        return given().get("/ops/recompute").then().statusCode(200).extract().jsonPath();
    }

    /** Products from 1 on; what the fake model says of each is its id. */
    private static void products(int many) {
        sql("INSERT INTO product (product_id, version, category_id, features) SELECT id, 1, 1,"
                + " ARRAY[id, 0, 0, 0, 0, 0, 0, 0, 0, 0] FROM generate_series(1, " + many + ") AS id");
    }
}

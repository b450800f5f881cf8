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
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.BrokerServer;
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

    BrokerServer broker;
    Mailbox mailbox;

    @BeforeEach
    void emptyShop() {
        new Store(mailbox).awaitReady();
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

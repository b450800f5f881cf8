package org.vitrina.products;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.Race;

/** What the broker is told of changed products. */
@QuarkusTest
@TestProfile(ProductEventsTest.WithBroker.class)
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "products"))
@WithTestResource(BrokerResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class ProductEventsTest implements Started {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String FEATURES = "[1.5,2,3,4,5,6,7,8,9,-10]";

    /** The other tests have none. */
    public static final class WithBroker implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("vitrina.broker.enabled", "true");
        }
    }

    Mailbox mailbox;
    BrokerServer broker;

    /** Those seen so far, as tests of one queue take each other's. */
    private static final List<JsonPath> EVENTS = new ArrayList<>();

    @BeforeEach
    void queueIsThere() {
        mailbox.bind(ProductEvents.QUEUE, "none", "none");
    }

    @Test
    void tellsOfEachChangeOfAProductInOrder() {
        int id = created("{\"product_name\":\"Весть\",\"price\":\"1\",\"category_id\":4400}");
        patched(id, "{\"features\":" + FEATURES + "}");
        patched(id, "{\"category_id\":4401}");
        given().delete("/products/" + id).then().statusCode(204);

        List<JsonPath> told = await().atMost(SOON).until(() -> of(id), found -> found.size() == 4);
        assertThat(told).extracting(event -> event.getString("type")).containsOnly("product.changed");
        assertThat(told).extracting(event -> event.getLong("version")).containsExactly(1L, 2L, 3L, 4L);
        assertThat(told).extracting(event -> event.getInt("category_id")).containsExactly(4400, 4400, 4401, 4401);
        assertThat(told).extracting(event -> event.getBoolean("deleted")).containsExactly(false, false, false, true);
        assertThat(told).extracting(event -> event.getString("actor")).containsOnly("anybody");
        assertThat(told.get(0).<Object>get("features")).isNull();
        assertThat(told.get(1).getList("features", Double.class))
                .containsExactly(1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, -10.0);
        assertThat(told.get(2).getList("features", Double.class)).hasSize(10);
    }

    @Test
    void isSilentAboutWhatChangesNothing() {
        int id = created("{\"product_name\":\"Тишина\",\"price\":\"1\",\"category_id\":4400}");
        patched(id, "{\"price\":\"1.00\"}");
        given().header("Content-Type", ProductResource.MERGE_PATCH)
                .header("If-Match", "\"9\"")
                .body("{\"price\":\"2\"}")
                .patch("/products/" + id)
                .then()
                .statusCode(412);
        int last = created("{\"product_name\":\"Конец\",\"price\":\"1\",\"category_id\":4400}");

        await().atMost(SOON).until(() -> of(last).size() == 1);
        assertThat(of(id)).hasSize(1);
    }

    @Test
    void tellsOnceOfEachProductThatWasThereBeforeTheEvents() {
        List<JsonPath> told = await().atMost(SOON).until(() -> of(42), found -> !found.isEmpty());

        assertThat(told).hasSize(1);
        assertThat(told.getFirst().getLong("version")).isEqualTo(1);
        List<Double> shown = given().get("/products/42").jsonPath().getList("features", Double.class);
        assertThat(told.getFirst().getList("features", Double.class)).isEqualTo(shown);
    }

    @Test
    void worksWithoutTheBrokerAndTellsItAfterwards() {
        broker.kill();
        int id;
        try {
            id = created("{\"product_name\":\"Глушь\",\"price\":\"1\",\"category_id\":4400}");
            patched(id, "{\"features\":" + FEATURES + "}");
            given().get("/products/" + id).then().statusCode(200);
        } finally {
            broker.restart();
        }

        int told = id;
        await().atMost(SOON).until(() -> of(told).size() == 2);
        assertThat(of(told)).extracting(event -> event.getLong("version")).containsExactly(1L, 2L);
    }

    @Test
    void tellsOfRacingChangesInTheOrderOfTheirVersions() {
        int id = created("{\"product_name\":\"Гонка\",\"price\":\"1\",\"category_id\":4400}");
        Race.of(16, i -> {
            patched(id, "{\"price\":\"" + (i + 2) + "\"}");
            return i;
        });

        List<JsonPath> told = await().atMost(SOON).until(() -> of(id), found -> found.size() == 17);
        assertThat(told)
                .extracting(event -> event.getLong("version"))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private List<JsonPath> of(int id) {
        mailbox.take(ProductEvents.QUEUE).forEach(letter -> EVENTS.add(JsonPath.from(letter.body())));
        return EVENTS.stream().filter(event -> event.getInt("product_id") == id).toList();
    }

    private static int created(String body) {
        return given().header("Content-Type", "application/json")
                .body(body)
                .post("/products/")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getInt("product_id");
    }

    private static void patched(int id, String body) {
        given().header("Content-Type", ProductResource.MERGE_PATCH)
                .body(body)
                .patch("/products/" + id + "/")
                .then()
                .statusCode(200);
    }
}

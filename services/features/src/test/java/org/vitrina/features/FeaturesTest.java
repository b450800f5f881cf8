package org.vitrina.features;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrina.diabetes.Diabetes;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.LogLines;
import org.vitrina.testing.Mailbox;

/** Rows go out with a real broker, which may be away. */
@QuarkusTest
@TestProfile(FeaturesTest.Often.class)
@WithTestResource(BrokerResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class FeaturesTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    Mailbox mailbox;
    BrokerServer broker;

    public static final class Often implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "vitrina.features.interval",
                    "10ms",
                    "vitrina.features.longest-pause",
                    "200ms",
                    "vitrina.features.log-messages",
                    "true");
        }
    }

    private final Map<String, Double> truths = new HashMap<>();
    private final Map<String, List<Double>> features = new HashMap<>();

    private void collect() {
        mailbox.take("y_true").forEach(letter -> {
            var body = JsonPath.from(letter.body());
            truths.put(body.getString("id"), body.getDouble("value"));
        });
        mailbox.take("features").forEach(letter -> {
            var body = JsonPath.from(letter.body());
            features.put(body.getString("id"), body.getList("features", Double.class));
        });
    }

    private static int rows() {
        return given().get("/ops/generator").jsonPath().getInt("rows");
    }

    @Test
    void printsALineForEachRowWhereItIsToldTo() {
        try (LogLines log = new LogLines()) {
            int before = rows();
            await().atMost(SOON).until(() -> rows() >= before + 5);

            assertThat(log.all())
                    .filteredOn(line -> line.matches("Row \\d+ was sent with id \\S+: truth \\S+, features \\[.*"))
                    .hasSizeGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void eachRowHasItsTruthWithTheSameIdAlsoWhenTheBrokerWasAway() {
        await().atMost(SOON).ignoreExceptions().until(() -> {
            collect();
            return truths.size() >= 20;
        });
        broker.kill();
        await().atMost(SOON)
                .until(() -> given().get("/ops/generator").jsonPath().getBoolean("waiting"));
        int before = rows();
        broker.restart();
        await().atMost(SOON).until(() -> rows() >= before + 20);

        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            collect();
            assertThat(truths.size()).isGreaterThanOrEqualTo(before + 20);
            // what is on its way right now is seen in the next round
            assertThat(features.keySet()).containsAll(truths.keySet());
        });
        truths.forEach((id, truth) -> assertThat(Diabetes.rows()).anySatisfy(row -> {
            assertThat(row.target()).isEqualTo(truth);
            assertThat(row.features().getFirst())
                    .isCloseTo(
                            features.getOrDefault(id, List.of()).getFirst(),
                            org.assertj.core.api.Assertions.within(1e-6));
        }));
    }
}

package org.vitrina.metrics;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.servers.BrokerServer;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.Mailbox.Letter;
import org.vitrina.testing.PostgresResource;

/** Truths and predictions in, pairs and errors out, with a real broker and a real database. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "metrics"))
@WithTestResource(BrokerResource.class)
@WithTestResource(LogResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources
class MetricsTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    /** The default of {@code vitrina.stream.prefetch}. */
    private static final int PREFETCH = 2_000;

    private static final String FEATURES = "[1,2,3,4,5,6,7,8,9,10]";

    Mailbox mailbox;
    BrokerServer broker;
    PostgresServer postgres;
    Path logs;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    private final String id = UUID.randomUUID().toString();

    @BeforeEach
    void awaitStart() {
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> mailbox.consumers("y_true") > 0
                        && mailbox.consumers("y_pred") > 0
                        && given().get("/metrics/pairs").statusCode() == 200);
        mailbox.take("y_true.dlq");
        mailbox.take("y_pred.dlq");
    }

    private void truth(String of, double value) {
        mailbox.send("", "y_true", of, "{\"id\":\"" + of + "\",\"value\":" + value + "}");
    }

    private void prediction(String of, double value, String version) {
        mailbox.send("", "y_pred", of, predictionJson(of, value, version));
    }

    private static String predictionJson(String of, double value, String version) {
        return "{\"id\":\"" + of + "\",\"value\":" + value + ",\"features\":" + FEATURES + ",\"model_version\":\""
                + version + "\",\"added_later\":{}}";
    }

    private static List<Map<String, Object>> allPairs() {
        List<Map<String, Object>> all = new ArrayList<>();
        Object after = 0;
        while (true) {
            List<Map<String, Object>> page = given().get("/metrics/pairs?limit=1000&after=" + after)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath()
                    .getList("$");
            if (page.isEmpty()) {
                return all;
            }
            all.addAll(page);
            after = page.getLast().get("position");
        }
    }

    private static List<Map<String, Object>> pairs(String of) {
        return allPairs().stream().filter(pair -> of.equals(pair.get("id"))).toList();
    }

    private static void awaitPair(String of) {
        await().atMost(SOON).until(() -> !pairs(of).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pairsATruthWithItsPredictionInWhicheverOrderTheyCome(boolean truthFirst) {
        if (truthFirst) {
            truth(id, 302);
            prediction(id, 150.5, "1");
        } else {
            prediction(id, 150.5, "1");
            truth(id, 302);
        }

        awaitPair(id);
        assertThat(pairs(id)).singleElement().satisfies(pair -> assertThat(pair)
                .containsEntry("model_version", "1")
                .containsEntry("truth", 302.0f)
                .containsEntry("prediction", 150.5f)
                .containsKey("paired_at"));
        given().get("/metrics/error").then().body("last", equalTo(151.5f));
    }

    @Test
    void aThousandDeliveriesOfEachMakeOnePair() {
        byte[] truth = ("{\"id\":\"" + id + "\",\"value\":10}").getBytes(StandardCharsets.UTF_8);
        mailbox.send("", "y_true", "t", truth, 1000);
        mailbox.send("", "y_pred", "p", predictionJson(id, 7, "1").getBytes(StandardCharsets.UTF_8), 1000);
        mailbox.send("", "y_true", "t", truth, 1000);
        String next = id + "-next";
        truth(next, 1);
        prediction(next, 1, "1");

        awaitPair(next);
        assertThat(pairs(id)).hasSize(1);
    }

    @Test
    void aLaterValueForAnIdChangesNothing() {
        truth(id, 10);
        prediction(id, 7, "1");
        awaitPair(id);
        truth(id, 1000);
        prediction(id, 1000, "2");
        String next = id + "-next";
        truth(next, 1);
        prediction(next, 1, "1");
        awaitPair(next);

        assertThat(pairs(id)).singleElement().satisfies(pair -> assertThat(pair)
                .containsEntry("truth", 10.0f)
                .containsEntry("prediction", 7.0f)
                .containsEntry("model_version", "1"));
    }

    @Test
    void writesALineForEachMessageAndCountsBareNumbersWithoutPairingThem() {
        double before = counter("unpaired_total{queue=\"y_true\"}");
        int pairs = allPairs().size();
        mailbox.send("", "y_true", "m", "302.0");
        mailbox.send("", "y_true", "m", "302");
        mailbox.send("", "y_pred", "m", "150.647483");

        await().atMost(SOON).until(() -> counter("unpaired_total{queue=\"y_true\"}") == before + 2);
        await().atMost(SOON).untilAsserted(() -> assertThat(lines())
                .contains(
                        "Из очереди y_true получено значение 302.0", "Из очереди y_pred получено значение 150.647483"));
        assertThat(allPairs()).hasSize(pairs);
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(logs.resolve("labels_log.txt"));
    }

    private double counter(String name) {
        return given().get(management.resolve("/q/metrics"))
                .asString()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "",
                "[1]",
                "{\"id\":\"x\"}",
                "{\"id\":7.5,\"value\":1}",
                "{\"id\":\"x\",\"value\":\"1\"}",
                "{\"id\":\"x\",\"value\":1e999}",
                "{\"id\":\"x\",\"value\":1.7e308}",
                "-1.1e150",
                "{\"id\":\"a\\u0000b\",\"value\":1}",
                "{\"id\":\"a\\ud800\",\"value\":1}",
                "{\"id\":\"x\",\"version\":2,\"value\":1}"
            })
    void whatItCannotReadIsADeadLetterAndTheNextIsTaken(String body) {
        mailbox.send("", "y_true", "poison", body);
        truth(id, 5);
        prediction(id, 6, "1");

        awaitPair(id);
        List<Letter> dead = new ArrayList<>();
        await().atMost(SOON).until(() -> {
            dead.addAll(mailbox.take("y_true.dlq"));
            return !dead.isEmpty();
        });
        assertThat(dead).singleElement().satisfies(letter -> {
            assertThat(letter.body()).isEqualTo(body);
            assertThat(letter.headers())
                    .containsEntry("x-vitrina-queue", "y_true")
                    .containsKey("x-vitrina-reason");
        });
    }

    @Test
    void aHalfWithoutPartnerIsForgottenInTimeAndCounted() throws SQLException {
        double before = counter("vitrina_metrics_partnerless_total{missing=\"prediction\"}");
        truth(id, 5);
        truth(id + "-young", 5);

        await().atMost(SOON)
                .until(() -> change("SET first_at = first_at - INTERVAL '11 minutes' WHERE id = '" + id + "'") == 1);

        await().atMost(SOON)
                .until(() -> counter("vitrina_metrics_partnerless_total{missing=\"prediction\"}") >= before + 1);
        prediction(id, 6, "1");
        prediction(id + "-young", 6, "1");
        awaitPair(id + "-young");
        assertThat(pairs(id)).isEmpty();
    }

    /** As an earlier release took them: alone they are numbers, together they were none. */
    @Test
    void figuresAreNumbersWhateverPairsAreOnRecord() throws SQLException {
        for (String value : List.of("1.7e308", "-1.7e308", "1.7e308")) {
            execute("INSERT INTO observation (id, truth, prediction, features, error, paired_at, position) VALUES ('"
                    + id
                    + value.charAt(0) + UUID.randomUUID() + "', " + value
                    + ", 0, '[1,null]', 1.7e308, clock_timestamp(), nextval('observation_position'))");
        }
        try {
            var report = given().get("/metrics/error").then().statusCode(200).extract();
            assertThat(report.jsonPath().getDouble("mean")).isPositive();
            assertThat(report.asString()).doesNotContain("Infinity", "NaN");
            given().get("/").then().statusCode(200).body(containsString("moving mean"));
            assertThat(allPairs())
                    .filteredOn(pair -> String.valueOf(pair.get("id")).startsWith(id))
                    .hasSize(3);
        } finally {
            execute("DELETE FROM observation WHERE id LIKE '" + id + "%'");
        }
    }

    @Test
    void theLargestLabelsMakePairsAndFigures() throws SQLException {
        truth(id, 1e150);
        prediction(id, -1e150, "1");
        try {
            awaitPair(id);
            given().get("/metrics/error").then().statusCode(200);
            given().get("/").then().statusCode(200);
        } finally {
            execute("DELETE FROM observation WHERE id = '" + id + "'");
        }
    }

    private int change(String what) throws SQLException {
        return execute("UPDATE observation " + what);
    }

    private int execute(String sql) throws SQLException {
        try (Connection connection = postgres.connect("metrics");
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    @Test
    void comparesVersions() {
        for (int i = 0; i < 5; i++) {
            truth(id + i, 100);
            prediction(id + i, 100 - (i % 2 == 0 ? 1 : 2), i % 2 == 0 ? "a" : "b");
            awaitPair(id + i);
        }

        var report = given().get("/metrics/error?window=1d")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertThat(report.getInt("versions.find { it.model_version == 'a' }.pairs"))
                .isEqualTo(3);
        assertThat(report.getDouble("versions.find { it.model_version == 'a' }.mean"))
                .isEqualTo(1.0);
        assertThat(report.getDouble("versions.find { it.model_version == 'b' }.mean"))
                .isEqualTo(2.0);
        assertThat(report.getList("histogram.pairs").stream()
                        .mapToInt(pairs -> (int) pairs)
                        .sum())
                .isEqualTo(report.getInt("pairs"));
        given().get("/").then().statusCode(200).contentType("text/html").body(containsString("<svg"));
    }

    /** As slow as can be: what metrics cannot store stays in the broker, beyond its prefetch. */
    @Test
    void leavesInTheBrokerWhatItCannotStore() {
        String prediction = predictionJson(id, 6, "1");
        postgres.freeze();
        try {
            mailbox.send("", "y_pred", id, prediction.getBytes(StandardCharsets.UTF_8), 6_000);
            await().atMost(SOON).until(() -> mailbox.waiting("y_pred") == 6_000 - PREFETCH);
        } finally {
            postgres.thaw();
        }

        await().atMost(SOON).until(() -> mailbox.waiting("y_pred") == 0);
        truth(id, 5);
        awaitPair(id);
        assertThat(pairs(id))
                .singleElement()
                .satisfies(pair -> assertThat(pair).containsEntry("truth", 5.0f).containsEntry("prediction", 6.0f));
    }

    @Test
    void losesNothingAndCountsNothingTwiceWhileDatabaseAndBrokerAreKilled() throws Exception {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 600; i++) {
            String one = id + "-" + i;
            expected.add(one);
            truth(one, i);
            if (i == 200) {
                postgres.kill();
            }
            if (i == 300) {
                postgres.restart();
            }
            if (i == 400) {
                broker.kill();
                broker.restart();
            }
            prediction(one, i + 1, "1");
        }

        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(allPairs().stream()
                        .map(pair -> String.valueOf(pair.get("id")))
                        .filter(expected::contains))
                .containsExactlyInAnyOrderElementsOf(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metrics/pairs?after=x",
                "/metrics/pairs?after=-1",
                "/metrics/pairs?limit=0",
                "/metrics/pairs?limit=1001",
                "/metrics/error?window=0s",
                "/metrics/error?window=31d",
                "/metrics/error?window=1y",
                "/?window=x"
            })
    void refusesWhatIsNotAsDescribed(String path) {
        given().get(path).then().statusCode(400).body("type", equalTo("urn:vitrina:problem:bad-request"));
    }

    @Test
    void pagesThroughAllPairsByLink() {
        for (int i = 0; i < 3; i++) {
            truth(id + i, 1);
            prediction(id + i, 1, "1");
            awaitPair(id + i);
        }

        var first = given().get("/metrics/pairs?limit=2").then().statusCode(200).extract();
        assertThat(first.jsonPath().getList("$")).hasSize(2);
        String link = first.header("Link");
        assertThat(link).endsWith("; rel=\"next\"");
        given().get(link.substring(1, link.indexOf('>')))
                .then()
                .statusCode(200)
                .body(
                        "[0].position",
                        org.hamcrest.Matchers.greaterThan(first.jsonPath().getInt("[1].position")));
    }
}

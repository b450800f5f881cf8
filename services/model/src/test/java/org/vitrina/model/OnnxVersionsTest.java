package org.vitrina.model;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrina.diabetes.Diabetes;
import org.vitrina.testing.BrokerResource;
import org.vitrina.testing.Mailbox;

/** Models of other toolkits, put in by an operator and served beside ours. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
@WithTestResource(VersionsResource.class)
@SuppressWarnings("NullAway.Init") // set by the test resources and by Quarkus
class OnnxVersionsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<Double> ROW_102 = Diabetes.rows().get(102).features();

    Mailbox mailbox;
    Path versions;

    @TestHTTPResource("/ops/models/")
    URI uploads;

    @Inject
    ModelService models;

    @AfterEach
    void back() {
        models.use(List.of(new Share("1", 1)), "test");
    }

    private static Response put(String version, byte[] file) {
        return given().contentType("application/octet-stream").body(file).put("/ops/models/" + version);
    }

    /** As a file, which a client of the test's kind would hold in memory several times. */
    private int sent(String version, Path file) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(uploads.resolve(version))
                                    .header("Content-Type", "application/octet-stream")
                                    .PUT(HttpRequest.BodyPublishers.ofFile(file))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static String newName() {
        return "onnx-" + UUID.randomUUID();
    }

    @Test
    void isPutInServedBesideOursAndRolledBack() {
        String version = newName();
        byte[] file = OnnxBytes.linear(2, 7).answering(7).bytes();

        JsonPath added = put(version, file).then().statusCode(201).extract().jsonPath();
        assertThat(added.getString("version")).isEqualTo(version);
        assertThat(added.getInt("bytes")).isEqualTo(file.length);
        assertThat(added.getList("operators")).containsExactly("LinearRegressor");
        assertThat(added.getInt("rows")).isEqualTo(442);
        assertThat(added.getDouble("mean_absolute_error")).isBetween(100.0, 200.0);
        assertThat(added.getString("sha256")).isEqualTo(Training.sha256(file));
        assertThat(versions.resolve(version + ".onnx")).hasBinaryContent(file);
        assertThat(given().get("/ops/model").jsonPath().getList("available")).contains(version);
        put(version, file).then().statusCode(200);
        refused(put(version, OnnxBytes.linear(2, 8).answering(8).bytes()), "there is another version of that name");
        refused(put("1", file), "there is another version of that name");

        choose(Map.of("1", 50, version, 50));
        Map<String, Double> said = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            mailbox.send("", "features", "m", "{\"id\":\"" + version + i + "\",\"features\":" + ROW_102 + "}");
        }
        List<Mailbox.Letter> answers = new ArrayList<>();
        await().atMost(SOON).until(() -> {
            answers.addAll(mailbox.take("y_pred"));
            return answers.stream()
                            .filter(answer -> answer.body().contains(version + "39"))
                            .count()
                    == 1;
        });
        answers.stream()
                .map(answer -> JsonPath.from(answer.body()))
                .forEach(answer -> said.put(answer.getString("model_version"), answer.getDouble("value")));
        double sum = ROW_102.stream().mapToDouble(Double::doubleValue).sum();
        assertThat(said).containsOnlyKeys("1", version);
        assertThat(said.get(version)).isCloseTo(7 + 2 * sum, within(1e-4));
        assertThat(said.get("1")).isCloseTo(150.647483, within(1e-5));

        given().post("/ops/model/rollback").then().statusCode(200);
        assertThat(models.served().choice().serving()).containsExactly(new Share("1", 1));
    }

    private static void choose(Map<String, Integer> shares) {
        String serving = shares.entrySet().stream()
                .map(share -> "{\"version\":\"" + share.getKey() + "\",\"weight\":" + share.getValue() + "}")
                .reduce((left, right) -> left + "," + right)
                .orElseThrow();
        given().contentType("application/json")
                .body("{\"serving\":[" + serving + "]}")
                .put("/ops/model")
                .then()
                .statusCode(200);
    }

    private static void refused(Response answer, String why) {
        answer.then().statusCode(409).contentType("application/problem+json");
        assertThat(answer.jsonPath().getString("type")).isEqualTo("urn:vitrina:problem:model-refused");
        assertThat(answer.jsonPath().getString("detail")).contains(why);
    }

    static Stream<Arguments> unusable() {
        OnnxBytes outside = OnnxBytes.node("Identity", "")
                .field(5, new OnnxBytes().field(1, "value").field(5, new OnnxBytes().number(14, 1)));
        OnnxBytes within = OnnxBytes.node("Loop", "")
                .field(5, new OnnxBytes().field(1, "body").field(6, new OnnxBytes().field(2, "g")));
        return Stream.of(
                Arguments.of("no model".getBytes(UTF_8), "the file is no ONNX model"),
                Arguments.of(new byte[0], "the file is no ONNX model"),
                Arguments.of(Arrays.copyOf(OnnxBytes.linear(1, 1).bytes(), 60), "the file is no ONNX model"),
                Arguments.of(OnnxBytes.linear(1, 1).bytes(), "it has no known answers: write them into its metadata"),
                Arguments.of(OnnxBytes.linear(1, 1).with(OnnxModel.ANSWERS, "{").bytes(), "is not readable"),
                Arguments.of(
                        OnnxBytes.linear(1, 1).with(OnnxModel.ANSWERS, "[]").bytes(), "must have 1 to 1000"),
                Arguments.of(
                        OnnxBytes.linear(1, 1)
                                .with(OnnxModel.ANSWERS, "[{\"features\":[1],\"value\":1}]")
                                .bytes(),
                        "must have 10 features and a value"),
                Arguments.of(
                        OnnxBytes.linear(1, 1).answering(1.001).bytes(), "it predicts 1.0 where its answer is known"),
                Arguments.of(
                        OnnxBytes.model(OnnxBytes.node("LinearRegressor", "ai.onnx.ml"), 9)
                                .answering(1)
                                .bytes(),
                        "runtime refuses it"),
                Arguments.of(
                        OnnxBytes.model(OnnxBytes.node("Relu", ""), 9)
                                .answering(1)
                                .bytes(),
                        "its input must be a tensor of real numbers, [rows, 10]"),
                Arguments.of(
                        OnnxBytes.model(OnnxBytes.node("Relu", ""), 10)
                                .answering(0)
                                .bytes(),
                        "is not one real number for one row"),
                Arguments.of(
                        OnnxBytes.model(OnnxBytes.node("Tile", ""), 10)
                                .answering(1)
                                .bytes(),
                        "its operator Tile is none of those"),
                Arguments.of(
                        OnnxBytes.model(OnnxBytes.node("Relu", "com.microsoft"), 10)
                                .answering(1)
                                .bytes(),
                        "its operator com.microsoft.Relu is none of those"),
                Arguments.of(OnnxBytes.model(outside, 10).answering(1).bytes(), "it has numbers outside the file"),
                Arguments.of(OnnxBytes.model(within, 10).answering(1).bytes(), "it has a graph within an operator"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatCannotBeUsedIsRefusedWithItsReasonAndLeavesNothing(byte[] file, String why) throws IOException {
        String version = newName();

        refused(put(version, file), why);

        assertThat(models.served().choice().serving()).containsExactly(new Share("1", 1));
        try (Stream<Path> files = Files.list(versions)) {
            assertThat(files.map(left -> left.getFileName().toString()))
                    .noneMatch(name -> name.startsWith(version) || name.startsWith("half"));
        }
    }

    @Test
    void mayBeSixteenMebibytes(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("large");
        byte[] model = OnnxBytes.linear(1, 1).answering(1).bytes();
        int rest = OnnxFile.LARGEST - model.length - 5;
        Files.write(file, model);
        // a field that nobody knows: its number, its length in four bytes, and that many zeros
        Files.write(file, new byte[] {(byte) 0xaa, 0x06}, StandardOpenOption.APPEND);
        int length = rest - 1;
        Files.write(
                file,
                new byte[] {
                    (byte) ((length & 0x7f) | 0x80),
                    (byte) (((length >> 7) & 0x7f) | 0x80),
                    (byte) (((length >> 14) & 0x7f) | 0x80),
                    (byte) (length >> 21)
                },
                StandardOpenOption.APPEND);
        try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
            grown.setLength(grown.length() + length);
            assertThat(grown.length()).isEqualTo(OnnxFile.LARGEST);
        }
        assertThat(sent(newName(), file)).isEqualTo(201);

        Files.write(file, new byte[1], StandardOpenOption.APPEND);
        assertThat(sent(newName(), file)).isEqualTo(413);
        put("not%20a%20name", new byte[1]).then().statusCode(400);
        given().contentType("application/octet-stream")
                .body(new byte[70_000])
                .put("/ops/model")
                .then()
                .statusCode(413);
    }

    @Test
    void aFileThatIsNoVersionAnyMoreIsToldInsteadOfServed() throws IOException {
        String version = newName();
        Files.write(
                versions.resolve(version + ".onnx"),
                OnnxBytes.linear(1, 1).answering(2).bytes());

        assertThatThrownBy(() -> models.use(List.of(new Share(version, 1)), "test"))
                .hasMessageContaining("What was in use stays in use")
                .hasMessageContaining("where its answer is known to be 2.0");
    }

    /** With scikit-learn and skl2onnx, where {@code VITRINA_PYTHON_LEARN} names a Python that has both. */
    @Test
    void gradientBoostingTrainedInPythonPredictsTheSameHere(@TempDir Path folder)
            throws IOException, InterruptedException {
        String python = System.getenv("VITRINA_PYTHON_LEARN");
        if (python == null) {
            abort("SKIPPED: VITRINA_PYTHON_LEARN names no Python with scikit-learn and skl2onnx");
        }
        Path file = folder.resolve("boosting.onnx");
        Process training = new ProcessBuilder(python, "src/test/python/boosting.py", file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(training.getInputStream().readAllBytes(), UTF_8);
        assertThat(training.waitFor()).isZero();
        String version = newName();

        JsonPath added = put(version, Files.readAllBytes(file))
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();

        assertThat(added.getList("operators")).containsExactly("Scaler", "TreeEnsembleRegressor");
        // on rows that it has learned from, better than least squares (43.3)
        assertThat(added.getDouble("mean_absolute_error")).isBetween(20.0, 40.0);
        choose(Map.of(version, 1));
        assertThat(models.served().models().getFirst().predict(ROW_102))
                .isCloseTo(Double.parseDouble(said.strip()), within(1e-3));
    }
}

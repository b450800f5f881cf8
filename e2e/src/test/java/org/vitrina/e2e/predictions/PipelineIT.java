package org.vitrina.e2e.predictions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.e2e.BrokerUsers;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.servers.BrokerServer;
import org.vitrina.servers.FreePort;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.Mailbox;

/** features, model and metrics as packaged processes with a real broker and a real database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class PipelineIT {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    /** Ten times the longest pause between attempts; {@code --soak} makes it the minute of the contract. */
    private static final Duration AWAY = Duration.ofSeconds(Boolean.getBoolean("soak") ? 60 : 5);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Process> programs = new LinkedHashMap<>();
    private final int metricsPort = FreePort.find();
    private final int modelPort = FreePort.find();
    private PostgresServer postgres;
    private BrokerServer broker;
    private DatabaseAddress database;

    @TempDir
    static Path folder;

    @BeforeAll
    void start() throws IOException {
        postgres = PostgresServer.start();
        broker = BrokerUsers.start();
        database =
                postgres.createDatabase("metrics", PROJECT.resolve("services/metrics/src/main/resources/db/changelog"));
        startMetrics();
        startModel();
        await().atMost(TIMEOUT).until(() -> status(metrics("/metrics/pairs")) == 200);
        await().atMost(TIMEOUT).until(() -> status(model("/ops/model")) == 200);
    }

    @AfterAll
    void end() {
        programs.values().forEach(Process::destroyForcibly);
        programs.values().forEach(process -> process.onExit().join());
        broker.close();
        postgres.close();
    }

    private void startMetrics() throws IOException {
        launch(
                "metrics",
                List.of(
                        "-Dquarkus.http.port=" + metricsPort,
                        "-Dvitrina.metrics.log.file=" + folder.resolve("logs/labels_log.txt"),
                        "-Dquarkus.datasource.reactive.url=" + database.url().substring("jdbc:".length()),
                        "-Dquarkus.datasource.username=" + database.user(),
                        "-Dquarkus.datasource.password=" + database.password()),
                List.of());
    }

    private void startModel() throws IOException {
        launch(
                "model",
                List.of("-Dquarkus.http.port=" + modelPort, "-Dvitrina.model.directory=" + folder.resolve("models")),
                List.of());
    }

    private Process launch(String service, List<String> settings, List<String> arguments) throws IOException {
        return launch(service, service, settings, arguments);
    }

    private Process launch(String name, String service, List<String> settings, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dquarkus.management.port=0",
                "-Dvitrina.broker.longest-pause=500ms",
                "-Dvitrina.broker.port=" + broker.port()));
        BrokerUsers.settings(broker, service).forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(settings);
        command.addAll(List.of("-jar", runner(service).toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".log").toFile()))
                .start();
        programs.put(name, process);
        return process;
    }

    private void kill(String service) {
        Objects.requireNonNull(programs.get(service)).destroyForcibly().onExit().join();
    }

    private static Path runner(String service) throws IOException {
        try (Stream<Path> files =
                Files.list(PROJECT.resolve("services").resolve(service).resolve("target"))) {
            return files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private int status(String url) throws InterruptedException {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException notYet) {
            return 0;
        }
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(read(metrics(path)));
    }

    private byte[] read(String url) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    private String metrics(String path) {
        return "http://127.0.0.1:" + metricsPort + path;
    }

    private String model(String path) {
        return "http://127.0.0.1:" + modelPort + path;
    }

    private long observations(String condition) throws SQLException {
        try (Connection connection = postgres.connect("metrics");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM observation WHERE " + condition)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    @Order(1)
    void oneRowGoesAllTheWay() throws Exception {
        Process once = launch("features", List.of("-Dquarkus.http.port=0"), List.of("--once", "--row=102"));

        assertThat(once.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(once.exitValue()).isZero();
        await().atMost(TIMEOUT).until(() -> get("/metrics/pairs").size() == 1);
        JsonNode pair = get("/metrics/pairs").get(0);
        assertThat(pair.path("truth").asDouble()).isEqualTo(302.0);
        assertThat(pair.path("prediction").asDouble()).isCloseTo(150.64748328, within(1e-6));
        assertThat(pair.path("model_version").asText()).isEqualTo("1");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(Files.readAllLines(folder.resolve("logs/labels_log.txt")))
                        .contains("Из очереди y_true получено значение 302.0"));
    }

    @Test
    @Order(2)
    void everyRowComesToItsPairThoughTheBrokerWasAwayForLongAndModelAndMetricsWereKilled() throws Exception {
        int featuresPort = FreePort.find();
        Process features = launch(
                "features",
                List.of("-Dquarkus.http.port=" + featuresPort, "-Dvitrina.features.interval=20ms"),
                List.of());
        await().atMost(TIMEOUT).until(() -> get("/metrics/pairs").size() > 20);
        broker.kill();
        kill("model");
        kill("metrics");
        startModel();
        startMetrics();
        await().atMost(TIMEOUT).until(() -> status(metrics("/metrics/pairs")) == 200);

        // the history is there while the broker is not, from the first pair on
        await().during(AWAY).atMost(TIMEOUT).until(() -> status(metrics("/metrics/pairs")) == 200);
        assertThat(get("/metrics/pairs?limit=1").get(0).path("truth").asDouble())
                .isEqualTo(302.0);
        long before = observations("position IS NOT NULL");
        broker.restart();
        await().atMost(TIMEOUT).until(() -> observations("position IS NOT NULL") > before + 100);
        int sent = JSON.readTree(read("http://127.0.0.1:" + featuresPort + "/ops/generator"))
                .path("rows")
                .asInt();
        features.destroy();
        assertThat(features.waitFor(1, TimeUnit.MINUTES)).isTrue();

        await().atMost(TIMEOUT).until(() -> observations("position IS NULL") == 0);
        // the row of the first test is one more
        assertThat(observations("position IS NOT NULL")).isGreaterThanOrEqualTo(sent + 1);
        assertThat(get("/metrics/error").path("mean").asDouble()).isPositive();
    }

    @Test
    @Order(3)
    void bareBodiesOfAPythonClientAreTaken() throws Exception {
        String python = python();
        StringBuilder zeros = new StringBuilder("[0");
        zeros.append(",0".repeat(9)).append("]");

        Process client = new ProcessBuilder(
                        python,
                        Path.of("src/test/resources/predictions/client.py").toString(),
                        Integer.toString(broker.port()),
                        zeros.toString())
                .inheritIO()
                .start();

        assertThat(client.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(client.exitValue()).isZero();
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(Files.readAllLines(folder.resolve("logs/labels_log.txt")))
                        .contains("Из очереди y_pred получено значение 150.647483")
                        // the mean of all truths is what nothing but zeros predicts
                        .anyMatch(line -> line.startsWith("Из очереди y_pred получено значение 152.133484")));
    }

    @Test
    @Order(4)
    void aRetrainingPublishesWhatIsBetterAndARollbackTakesItBack() throws Exception {
        var mailbox = new Mailbox(broker, "");
        var random = new SplittableRandom(1);
        for (int i = 0; i < 300; i++) {
            double[] features = IntStream.range(0, 10)
                    .mapToDouble(at -> random.nextDouble() / 5)
                    .toArray();
            mailbox.send(
                    "", "features", "t", "{\"id\":\"t-" + i + "\",\"features\":" + Arrays.toString(features) + "}");
            mailbox.send("", "y_true", "t", "{\"id\":\"t-" + i + "\",\"value\":" + (1000 + 2000 * features[3]) + "}");
        }
        await().atMost(TIMEOUT).until(() -> observations("id LIKE 't-%' AND position IS NOT NULL") == 300);

        assertThat(retrainByCommand())
                .contains("Asking metrics for the pairs of truth and prediction", "Version 2 is published: ")
                .doesNotContain("Classifier");

        await().atMost(TIMEOUT).until(() -> serving().equals("2"));
        mailbox.send("", "features", "n", "{\"id\":\"n\",\"features\":[0,0,0,0.1,0,0,0,0,0,0]}");
        await().atMost(TIMEOUT).until(() -> observations("id = 'n' AND model_version = '2'") == 1);
        http.send(
                HttpRequest.newBuilder(URI.create(model("/ops/model/rollback")))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        await().atMost(TIMEOUT).until(() -> serving().equals("1"));
    }

    @Test
    @Order(5)
    void aRetrainingThatCannotAskMetricsSaysSoAndFails() throws Exception {
        assertThat(retrain("http://127.0.0.1:" + FreePort.find())).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("retraining.log"))).contains("Nothing was learned");
    }

    /** {@code ./vitrina retrain}, as if {@code ./vitrina up} had started this metrics in this folder. */
    private String retrainByCommand() throws IOException, InterruptedException {
        Process metrics = Objects.requireNonNull(programs.get("metrics"));
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(
                folder.resolve("run/state"),
                "metrics %d %s TERM READY %d 0 0\n".formatted(metrics.pid(), startTicks(metrics), metricsPort));
        var command = new ProcessBuilder(PROJECT.resolve("vitrina").toString(), "retrain").redirectErrorStream(true);
        command.environment().put("VITRINA_DIR", folder.toString());
        Process retrain = command.start();
        String said = new String(retrain.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(retrain.waitFor()).as(said).isZero();
        return said;
    }

    /** By which the launcher knows a process again: field 22 of its line, counted behind the name. */
    private static String startTicks(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
    }

    private int retrain(String metrics) throws IOException, InterruptedException {
        Process worker = launch(
                "retraining",
                "model",
                List.of(
                        "-Dquarkus.http.port=0",
                        "-Dvitrina.model.worker=true",
                        "-Dvitrina.model.directory=" + folder.resolve("models"),
                        "-Dvitrina.model.retraining.metrics.url=" + metrics),
                List.of());
        assertThat(worker.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return worker.exitValue();
    }

    /** The version with the first share. */
    private String serving() throws IOException, InterruptedException {
        return JSON.readTree(read(model("/ops/model")))
                .path("serving")
                .path(0)
                .path("version")
                .asText();
    }

    /** A Python that has pika; {@code VITRINA_PYTHON} names one. */
    private static String python() throws IOException, InterruptedException {
        String named = System.getenv("VITRINA_PYTHON");
        String python = named == null ? "python3" : named;
        Process probe = new ProcessBuilder(python, "-c", "import pika")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (probe.waitFor() != 0) {
            abort("SKIPPED: " + python + " has no pika; VITRINA_PYTHON names one that has (pip install pika)");
        }
        return python;
    }
}

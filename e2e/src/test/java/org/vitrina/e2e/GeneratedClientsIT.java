package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What OpenAPI Generator makes of the document that the BFF serves: clients in Java and TypeScript that compile, and place an
 * order. The programs that use them are {@code src/test/clients}.
 */
@SuppressWarnings("NullAway.Init") // set by JUnit
class GeneratedClientsIT {
    /** Where the build puts the generator, TypeScript's compiler and what the Java client needs. */
    private static final Path TOOLS = Path.of("target/clients").toAbsolutePath();

    private static final Path PROGRAMS = Path.of("src/test/clients").toAbsolutePath();
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");
    private static final String BFF = Store.running().stack().address("bff").url();

    @TempDir
    static Path folder;

    private static Path document;

    @BeforeAll
    static void read() throws Exception {
        Store.running().heal();
        document = folder.resolve("openapi.json");
        Files.writeString(document, get(BFF, "/q/openapi?format=json"));
    }

    @Test
    void aJavaClientPlacesAnOrder() throws Exception {
        Path client = generated(
                "java", "library=native,openApiNullable=false,useJakartaEe=true,useSingleRequestParameter=true");
        Path classes = Files.createDirectory(folder.resolve("classes"));
        String libraries = libraries();
        List<String> compile = new ArrayList<>(List.of(
                JAVA.resolve("javac").toString(), "-proc:none", "-nowarn", "-cp", libraries, "-d", classes.toString()));
        sources(client.resolve("src/main/java")).forEach(compile::add);
        compile.add(PROGRAMS.resolve("PlaceOrder.java").toString());
        run(folder, compile);

        assertPlaces(
                folder,
                JAVA.resolve("java").toString(),
                "-cp",
                classes + File.pathSeparator + libraries,
                "PlaceOrder",
                BFF);
    }

    @Test
    void aTypeScriptClientPlacesAnOrder() throws Exception {
        assumeThat(isThere("node"))
                .as("node, without which nothing runs TypeScript")
                .isTrue();
        Path client = generated("typescript-fetch", "");
        for (String file : new String[] {"place-order.ts", "tsconfig.json"}) {
            Files.copy(PROGRAMS.resolve(file), client.resolve(file));
        }
        run(client, List.of("node", tool("tsc.js").toString()));

        assertPlaces(client, "node", "out/place-order.js", BFF);
    }

    @Test
    void whatTheBffHandsOnIsAsTheServicesBehindItDescribeIt() throws Exception {
        Description bff = Description.of(BFF);
        List<String> compared = new ArrayList<>();
        SoftAssertions softly = new SoftAssertions();
        for (String service : List.of("orders", "wallet", "cart", "favorites", "notifications", "predictions")) {
            Description behind =
                    Description.of(Store.running().stack().address(service).url());
            behind.operations().forEach((id, operation) -> {
                JsonNode ours = bff.operations().get(id);
                if (ours != null) {
                    compared.add(id);
                    softly.assertThat(bff.body(ours)).as("body of %s", id).isEqualTo(behind.body(operation));
                    softly.assertThat(bff.answers(ours)).as("answers of %s", id).isEqualTo(behind.answers(operation));
                    softly.assertThat(bff.parameters(ours))
                            .as("parameters of %s", id)
                            .containsAllEntriesOf(behind.parameters(operation));
                }
            });
        }
        softly.assertAll();
        assertThat(compared)
                .contains("placeOrder", "orders", "topUp", "putLine", "favorites", "notifications", "requestPrediction")
                .hasSizeGreaterThan(15);
    }

    /**
     * The program that is called with a key behind these words places an order. Orders that has just been started, or a busy
     * machine, may answer 503 or 202: tried again under the same key, as a customer would, it is the same order.
     */
    private static void assertPlaces(Path where, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(words));
        command.add(UUID.randomUUID().toString());
        String output = await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .until(() -> start(where, command), Ended::isWell)
                .output();
        String[] said = output.strip().lines().toList().getLast().split(" ");
        assertThat(said).as(output).hasSize(2);
        assertThat(said[1]).isIn("pending", "confirmed");
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(new ObjectMapper()
                        .readTree(get(BFF, "/api/v1/orders/" + said[0]))
                        .path("status")
                        .asText())
                .isEqualTo("confirmed"));
    }

    private static Path generated(String language, String properties) throws Exception {
        Path into = folder.resolve(language);
        List<String> command = new ArrayList<>(List.of(
                JAVA.resolve("java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                tool("openapi-generator-cli.jar").toString(),
                "generate",
                "-i",
                document.toString(),
                "-g",
                language,
                "-o",
                into.toString(),
                "--global-property",
                "apis,models,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"));
        if (!properties.isEmpty()) {
            command.add("--additional-properties=" + properties);
        }
        run(folder, command);
        return into;
    }

    /** A service's document, with what is referred to in its place and without words. */
    private record Description(JsonNode document, Map<String, JsonNode> operations) {
        private static final Set<String> WORDS = Set.of("description", "examples", "example", "title");

        static Description of(String url) throws Exception {
            JsonNode document = new ObjectMapper().readTree(get(url, "/q/openapi?format=json"));
            Map<String, JsonNode> operations = new TreeMap<>();
            document.path("paths")
                    .forEach(path -> path.forEach(operation -> {
                        if (operation.has("operationId")) {
                            operations.put(operation.path("operationId").asText(), operation);
                        }
                    }));
            return new Description(document, operations);
        }

        JsonNode body(JsonNode operation) {
            return shape(operation.at("/requestBody/content/application~1json/schema"));
        }

        /** Of success, by status. */
        Map<String, JsonNode> answers(JsonNode operation) {
            Map<String, JsonNode> answers = new TreeMap<>();
            operation.path("responses").properties().forEach(answer -> {
                if (answer.getKey().startsWith("2")) {
                    answer.getValue()
                            .path("content")
                            .properties()
                            .forEach(content -> answers.put(
                                    answer.getKey() + " " + content.getKey(),
                                    shape(content.getValue().path("schema"))));
                }
            });
            return answers;
        }

        /** Of the query and in headers, by name; in the path the two differ. */
        Map<String, JsonNode> parameters(JsonNode operation) {
            Map<String, JsonNode> parameters = new TreeMap<>();
            operation.path("parameters").forEach(parameter -> {
                if (!parameter.path("in").asText().equals("path")) {
                    parameters.put(parameter.path("name").asText(), shape(parameter.path("schema")));
                }
            });
            return parameters;
        }

        private JsonNode shape(JsonNode schema) {
            if (schema.has("$ref")) {
                return shape(document.at(schema.path("$ref").asText().substring(1)));
            }
            if (schema.isArray()) {
                ArrayNode all = JsonNodeFactory.instance.arrayNode();
                schema.forEach(each -> all.add(shape(each)));
                return all;
            }
            if (!schema.isObject()) {
                return schema;
            }
            ObjectNode shape = JsonNodeFactory.instance.objectNode();
            schema.properties().forEach(member -> {
                if (!WORDS.contains(member.getKey())) {
                    shape.set(member.getKey(), shape(member.getValue()));
                }
            });
            return shape;
        }
    }

    private static List<String> sources(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.map(Path::toString)
                    .filter(name -> name.endsWith(".java"))
                    .toList();
        }
    }

    private static Path tool(String name) throws IOException {
        try (Stream<Path> all = Files.walk(TOOLS)) {
            return all.filter(each -> each.endsWith(name)).findFirst().orElseThrow();
        }
    }

    /** What the Java client needs: the generator comes with a Jackson of its own. */
    private static String libraries() throws IOException {
        return tool("openapi-generator-cli.jar") + File.pathSeparator + tool("jakarta.annotation-api.jar");
    }

    private static boolean isThere(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    private record Ended(boolean isWell, String output) {}

    /** What it prints, once it has ended well. */
    private static String run(Path where, List<String> command) throws Exception {
        Ended ended = start(where, command);
        assertThat(ended.isWell()).as("%s: %s", command, ended.output()).isTrue();
        return ended.output();
    }

    private static Ended start(Path where, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        process.destroyForcibly();
        return new Ended(ended && process.exitValue() == 0, Files.readString(output, StandardCharsets.UTF_8));
    }

    private static String get(String root, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(root + path)).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}

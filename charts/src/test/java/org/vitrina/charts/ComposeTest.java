package org.vitrina.charts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** The compose file says of the system what the chart says, and what Compose can be told besides; no container is run here. */
class ComposeTest {
    /** A handful for each service and its migrations; against files of strangers the parser has a lower bound. */
    private static final int ALIASES = 200;

    private static final Path FILE = Chart.ROOT.resolve("docker-compose.yaml");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::-([^}]*)|:\\?[^}]*)?}");
    private static final Set<String> BACKING = Set.of("postgres", "rabbitmq", "redis");
    private static final Manifests CHART = Chart.ofVitrina().manifests();
    private static final JsonNode COMPOSE = read();
    /** What only a profile starts is no part of the system. */
    private static final JsonNode SERVICES = withoutProfiles();

    private static JsonNode withoutProfiles() {
        com.fasterxml.jackson.databind.node.ObjectNode services =
                COMPOSE.path("services").deepCopy();
        services.properties().removeIf(service -> service.getValue().has("profiles"));
        return services;
    }

    private static JsonNode read() {
        try {
            // Jackson's own reader knows no merge keys
            LoaderOptions options = new LoaderOptions();
            options.setMaxAliasesForCollections(ALIASES);
            return Chart.YAML.valueToTree(new Yaml(options).load(Files.readString(FILE)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> ours() {
        return Chart.ofVitrina().values().path("services").properties().stream()
                .filter(service -> service.getValue().path("enabled").asBoolean(true))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<String> withDatabase() {
        return Chart.ofVitrina().values().path("services").properties().stream()
                .filter(service -> service.getValue().at("/database/enabled").asBoolean())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** As Compose puts variables in, of which none is set. */
    private static String interpolated(JsonNode text) {
        StringBuilder read = new StringBuilder();
        Matcher variable = VARIABLE.matcher(text.asText());
        while (variable.find()) {
            variable.appendReplacement(
                    read,
                    Matcher.quoteReplacement(
                            Optional.ofNullable(variable.group(2)).orElse("")));
        }
        return variable.appendTail(read).toString().replace("$$", "$");
    }

    private static Set<String> variables(String text) {
        Set<String> names = new TreeSet<>();
        Matcher variable = VARIABLE.matcher(text);
        while (variable.find()) {
            names.add(String.valueOf(variable.group(1)));
        }
        return names;
    }

    private static Map<String, String> environment(String service) {
        Map<String, String> environment = new TreeMap<>();
        SERVICES.path(service)
                .path("environment")
                .properties()
                .forEach(entry -> environment.put(entry.getKey(), interpolated(entry.getValue())));
        return environment;
    }

    private static Map<String, String> chartEnvironment(String service) {
        Map<String, String> environment = new TreeMap<>();
        Manifests.items(CHART.podOf(service).container(service).path("env"))
                .forEach(entry -> environment.put(
                        entry.path("name").asText(), entry.path("value").asText()));
        return environment;
    }

    private static String condition(String service, String dependency) {
        return SERVICES.path(service)
                .path("depends_on")
                .path(dependency)
                .path("condition")
                .asText();
    }

    @Test
    void runsWhatTheChartRuns() {
        Set<String> expected = new TreeSet<>(ours());
        expected.addAll(BACKING);
        expected.add("databases");
        withDatabase().forEach(service -> expected.add("migrate-" + service));
        assertThat(SERVICES.properties().stream()
                        .filter(service -> !service.getValue().has("profiles"))
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void asksEverybodyWhoTheyAreWithTheFileBesideIt() throws IOException {
        JsonNode demo = Chart.YAML.valueToTree(
                new Yaml().<Object>load(Files.readString(Chart.ROOT.resolve("docker-compose.demo.yaml"))));

        assertThat(demo.path("services").properties().stream().map(Map.Entry::getKey))
                .containsAll(ours())
                .allMatch(service -> COMPOSE.path("services").has(service));
        assertThat(Manifests.items(demo.path("services"))).allSatisfy(service -> {
            assertThat(service.at("/environment/VITRINA_AUTH").asText()).isEqualTo("demo");
            assertThat(service.at("/environment/VITRINA_IDENTITY_SIGNING_KEY").asText())
                    .isEqualTo("/run/secrets/signing-key");
            assertThat(Manifests.texts(service.path("secrets"))).containsExactly("signing-key");
        });
        // what the BFF alone needs, of which none has a default that everybody knows
        JsonNode front = demo.at("/services/bff/environment");
        assertThat(front.path("VITRINA_SESSION_KEYS").asText()).startsWith("${VITRINA_SESSION_KEYS:?");
        assertThat(environment("bff")).containsEntry("VITRINA_SESSION_REDIS_URL", "redis://redis:6379");
        assertThat(COMPOSE.path("services").has("redis")).isTrue();
        assertThat(demo.at("/secrets/signing-key/file").asText()).startsWith("${VITRINA_SIGNING_KEY:?");
    }

    @Test
    void watchesTheStoreByProfileOnlyWithFilesThatThereAre() {
        List<JsonNode> watching = Manifests.items(COMPOSE.path("services"))
                .filter(service -> Manifests.texts(service.path("profiles")).contains("observability"))
                .toList();
        assertThat(watching).hasSize(7).allSatisfy(service -> assertThat(Manifests.texts(service.path("ports")))
                .allMatch(port -> port.startsWith("127.0.0.1:")));
        assertThat(watching.stream().flatMap(service -> Manifests.texts(service.path("volumes")).stream()))
                .filteredOn(volume -> volume.startsWith("./"))
                .hasSize(9)
                .allMatch(volume -> Files.exists(Chart.ROOT.resolve(volume.split(":", -1)[0])));
    }

    @Test
    void putsNginxBeforeTheBffByProfileWithTheSettingsOfTheChart(@TempDir Path folder) throws Exception {
        JsonNode proxy = COMPOSE.at("/services/proxy");
        JsonNode pod = Chart.ofCombination("proxy")
                .manifests()
                .one("Deployment", "vitrina-proxy")
                .at("/spec/template/spec");
        assertThat(Manifests.texts(proxy.path("profiles"))).containsExactly("proxy");
        assertThat(proxy.path("image")).isEqualTo(pod.at("/containers/0/image"));
        assertThat(proxy.path("user").asText()).startsWith(pod.at("/securityContext/runAsUser") + ":");
        assertThat(proxy.at("/ports/0").asText()).matches("127\\.0\\.0\\.1:[0-9]+:8080");
        String[] mount = proxy.at("/volumes/0").asText().split(":", -1);
        Path settings = folder.resolve("nginx.conf");

        Process script = new ProcessBuilder(
                        "sh",
                        "-ec",
                        proxy.at("/command/2")
                                .asText()
                                .replace(mount[1], Chart.ROOT.resolve(mount[0]).toString())
                                .replace(">/tmp/nginx.conf", ">" + settings)
                                .replaceAll("exec nginx .*", "true"))
                .inheritIO()
                .start();

        assertThat(script.waitFor()).isZero();
        assertThat(Files.readString(settings))
                .contains("server bff:8080;", "listen 8080;")
                .doesNotContain("server UPSTREAM;");
    }

    @Test
    void takesTheImagesOfTheChart() {
        for (String service : ours()) {
            assertThat(interpolated(SERVICES.path(service).path("image")))
                    .isEqualTo(CHART.podOf(service)
                            .container(service)
                            .path("image")
                            .asText());
        }
        for (String service : withDatabase()) {
            assertThat(interpolated(SERVICES.path("migrate-" + service).path("image")))
                    .isEqualTo(CHART.podOf("migrations")
                            .container("migrations")
                            .path("image")
                            .asText());
        }
        for (String server : List.of("postgres", "rabbitmq")) {
            assertThat(SERVICES.path(server).path("image"))
                    .isEqualTo(CHART.podOf(server).container(server).path("image"));
        }
        assertThat(SERVICES.path("databases").path("image"))
                .isEqualTo(CHART.podOf("migrations").container("database").path("image"));
        assertThat(SERVICES.path("redis").path("image"))
                .isEqualTo(CHART.podOf("bff").container("redis").path("image"));
    }

    @Test
    void trainsOnTheDatabaseItRuns() throws IOException {
        assertThat(Files.readString(Chart.ROOT.resolve("native-build/images.env")))
                .contains(
                        "${REGISTRY}" + SERVICES.path("postgres").path("image").asText() + "}");
    }

    @Test
    void tellsEachServiceWhereItsCalleesDatabaseAndBrokerAre() {
        for (String service : ours()) {
            Map<String, String> expected = new TreeMap<>();
            chartEnvironment(service).forEach((name, value) -> {
                // replicas of the BFF are told apart where there are several
                if (value.startsWith("http://vitrina-") && !name.endsWith("_OPS_REPLICAS")) {
                    expected.put(name, "http://" + value.substring("http://vitrina-".length()) + ":8080");
                } else if (name.startsWith("QUARKUS_DATASOURCE") && !name.endsWith("_MAX_SIZE")) {
                    expected.put(name, value.replace("vitrina-postgres", "postgres"));
                } else if (name.matches("VITRINA_BROKER_(HOST|USERNAME|PASSWORD)")) {
                    expected.put(name, value.replace("vitrina-rabbitmq", "rabbitmq"));
                }
            });
            Map<String, String> found = environment(service);
            found.keySet()
                    .removeIf(name -> !name.matches("QUARKUS_DATASOURCE_.*|VITRINA_BROKER_.*|VITRINA_.*_URL")
                            || name.endsWith("_REDIS_URL"));
            assertThat(found).as(service).isEqualTo(expected);
        }
    }

    @Test
    void setsNoVariableThatNobodyReads() throws IOException {
        String documented = Files.readString(Chart.ROOT.resolve("docs/configuration.md"));
        for (String service : ours()) {
            assertThat(environment(service).keySet())
                    .as(service)
                    .filteredOn(name -> name.startsWith("VITRINA_"))
                    .isNotEmpty()
                    .allMatch(name -> documented.contains("`" + name + "`"));
        }
        Set<String> ofMigrations = new TreeSet<>();
        Manifests.items(CHART.podOf("migrations").container("migrations").path("env"))
                .forEach(entry -> ofMigrations.add(entry.path("name").asText()));
        for (String service : withDatabase()) {
            assertThat(environment("migrate-" + service)).containsOnlyKeys(ofMigrations);
        }
    }

    @Test
    void migratesAsTheChartDoes() {
        for (String service : withDatabase()) {
            String job = CHART.ids().stream()
                    .filter(id -> id.startsWith("Job/vitrina-" + service + "-migrate-"))
                    .findFirst()
                    .orElseThrow();
            JsonNode args =
                    CHART.one("Job", job.substring("Job/".length())).at("/spec/template/spec/containers/0/args");
            assertThat(Manifests.texts(SERVICES.path("migrate-" + service).path("command")))
                    .isEqualTo(Manifests.texts(args));
            assertThat(environment("migrate-" + service))
                    .containsEntry("VITRINA_DB_URL", "jdbc:postgresql://postgres:5432/" + service)
                    .containsEntry("VITRINA_DB_USER", service);
        }
    }

    @Test
    void makesADatabaseForEachServiceThatHasOne() {
        String script = interpolated(SERVICES.at("/databases/command/0"));
        assertThat(script.lines().findFirst().orElseThrow())
                .isEqualTo("for role in " + String.join(" ", withDatabase()) + "; do");
        String sql =
                CHART.podOf("migrations").container("database").at("/args/0").asText();
        sql.lines().filter(line -> line.matches("(SELECT|ALTER|REVOKE) .*")).forEach(line -> assertThat(script)
                .contains(line.replace("service", "role")));
    }

    @Test
    void waitsForTheSchemaAndForNothingThatAServiceCanDoWithout() {
        assertThat(condition("databases", "postgres")).isEqualTo("service_healthy");
        for (String service : withDatabase()) {
            assertThat(condition("migrate-" + service, "databases")).isEqualTo("service_completed_successfully");
            assertThat(condition(service, "migrate-" + service)).isEqualTo("service_completed_successfully");
        }
        for (String service : ours()) {
            SERVICES.path(service).path("depends_on").properties().forEach(dependency -> {
                assertThat(SERVICES.has(dependency.getKey()))
                        .as(dependency.getKey())
                        .isTrue();
                if (!dependency.getKey().startsWith("migrate-")) {
                    assertThat(dependency.getValue().path("condition").asText())
                            .as("%s on %s", service, dependency.getKey())
                            .isEqualTo("service_started");
                }
            });
        }
    }

    @Test
    void startsAgainWhatEndsAndKnowsWhatIsHealthy() {
        SERVICES.properties().forEach(service -> {
            boolean once = service.getKey().matches("databases|migrate-.*");
            assertThat(service.getValue().path("restart").asText())
                    .as(service.getKey())
                    .isEqualTo(once ? "no" : "unless-stopped");
            assertThat(service.getValue().path("healthcheck").path("test").isEmpty())
                    .as(service.getKey())
                    .isEqualTo(once);
        });
    }

    @Test
    void listensOnThisMachineOnly() throws IOException {
        SERVICES.properties().forEach(service -> {
            assertThat(service.getValue().has("network_mode")).isFalse();
            assertThat(Manifests.items(service.getValue().path("ports")))
                    .allMatch(port -> port.asText().startsWith("127.0.0.1:"));
        });
        for (String service : ours()) {
            String port = interpolated(SERVICES.path(service).path("ports").path(0));
            assertThat(port).as(service).matches("127\\.0\\.0\\.1:[0-9]+:8080");
            assertThat(Files.readAllLines(
                            Chart.ROOT.resolve("services/" + service + "/src/main/resources/application.properties")))
                    .contains("quarkus.http.port=" + port.replaceAll("^127\\.0\\.0\\.1:|:8080$", ""));
        }
    }

    @Test
    void keepsWhatMustNotBeLostInVolumes() {
        for (String server : List.of("postgres", "rabbitmq")) {
            assertThat(SERVICES.path(server).path("volumes").path(0).asText())
                    .startsWith(server + ":/var/lib/" + server.replace("postgres", "postgresql"));
            assertThat(COMPOSE.path("volumes").has(server)).isTrue();
        }
    }

    @Test
    void writesToTheFilesOfTheChartAndShowsTheLabels() throws IOException {
        for (String service : List.of("metrics", "model")) {
            Map<String, String> files = new TreeMap<>(chartEnvironment(service));
            files.keySet().removeIf(name -> !name.matches("VITRINA_(METRICS_LOG_FILE|MODEL_DIRECTORY)"));
            assertThat(files).hasSize(1);
            assertThat(environment(service)).containsAllEntriesOf(files);
        }
        assertThat(Manifests.texts(SERVICES.at("/metrics/volumes"))).containsExactly("./logs:/logs");
        assertThat(Manifests.texts(SERVICES.at("/model/volumes"))).containsExactly("./models:/models");
        assertThat(Files.readAllLines(Chart.ROOT.resolve(".gitignore"))).contains("/logs/", "/models/");
    }

    @Test
    void retrainsByProfileWithTheChartsSettingsInTheFolderOfTheModel() {
        JsonNode worker = COMPOSE.at("/services/retraining");
        assertThat(Manifests.texts(worker.path("profiles"))).containsExactly("retraining");
        assertThat(worker.path("image")).isEqualTo(SERVICES.at("/model/image"));
        assertThat(worker.path("volumes")).isEqualTo(SERVICES.at("/model/volumes"));
        Chart.ofVitrina().values().at("/services/retraining/env").properties().forEach(setting -> assertThat(
                        worker.path("environment").path(setting.getKey()))
                .as(setting.getKey())
                .isEqualTo(setting.getValue()));
        assertThat(worker.at("/environment/VITRINA_MODEL_RETRAINING_METRICS_URL")
                        .asText())
                .isEqualTo("http://metrics:8080");
    }

    @Test
    void keepsCopiesWhereTheChartDoesWithoutARedisOfItsOwn() {
        assertThat(environment("predictions"))
                .containsEntry(
                        "VITRINA_CACHE_TOPOLOGY",
                        chartEnvironment("predictions").get("VITRINA_CACHE_TOPOLOGY"));
    }

    @Test
    void givesNoContainerMoreThanItNeeds() {
        SERVICES.properties().forEach(service -> {
            JsonNode own = service.getValue();
            assertThat(own.has("privileged")).isFalse();
            assertThat(Manifests.texts(own.path("cap_drop")))
                    .as(service.getKey())
                    .containsExactly("ALL");
            assertThat(Manifests.texts(own.path("security_opt"))).containsExactly("no-new-privileges:true");
            assertThat(own.path("mem_limit").asText()).matches("[0-9]+m");
            if (!service.getKey().matches("postgres|rabbitmq")) {
                assertThat(own.path("read_only").asBoolean())
                        .as(service.getKey())
                        .isTrue();
            }
        });
        for (String service : ours()) {
            assertThat(SERVICES.path(service).path("mem_limit").asText() + "i")
                    .isEqualToIgnoringCase(CHART.podOf(service)
                            .container(service)
                            .at("/resources/limits/memory")
                            .asText());
        }
    }

    @Test
    void holdsNoPasswordAndAsksForEach() throws IOException {
        Set<String> required = new TreeSet<>();
        SERVICES.properties().forEach(service -> service.getValue()
                .path("environment")
                .properties()
                .forEach(entry -> {
                    if (entry.getKey().matches(".*PASS(WORD)?")) {
                        assertThat(entry.getValue().asText())
                                .matches("\\$\\{VITRINA_[A-Z_]+_PASSWORD:\\?see \\.env\\.example}");
                        required.addAll(variables(entry.getValue().asText()));
                    }
                }));
        List<String> example = Files.readAllLines(Chart.ROOT.resolve(".env.example"));
        assertThat(required).hasSizeGreaterThan(10).allMatch(name -> example.contains(name + "="));
        Set<String> used = new TreeSet<>();
        used.addAll(variables(Files.readString(FILE)));
        assertThat(example)
                .filteredOn(line -> line.matches("#?VITRINA_.*"))
                .extracting(line -> line.replaceAll("#|=.*", ""))
                .containsExactlyInAnyOrderElementsOf(used);
        assertThat(Files.readAllLines(Chart.ROOT.resolve(".gitignore"))).contains(".env");
    }

    @Test
    void givesNoTwoServicesOnePassword() {
        Set<String> all = new TreeSet<>();
        for (String service : ours()) {
            JsonNode own = SERVICES.path(service).path("environment");
            String database = own.path("QUARKUS_DATASOURCE_PASSWORD").asText();
            if (withDatabase().contains(service)) {
                assertThat(all.add(database)).as(database).isTrue();
                assertThat(SERVICES.path("migrate-" + service)
                                .at("/environment/VITRINA_DB_PASSWORD")
                                .asText())
                        .isEqualTo(database);
            } else {
                assertThat(database).as(service).isEmpty();
            }
            if (own.has("VITRINA_BROKER_USERNAME")) {
                String broker = own.path("VITRINA_BROKER_PASSWORD").asText();
                assertThat(all.add(broker)).as(broker).isTrue();
            }
        }
        assertThat(all).hasSizeGreaterThan(withDatabase().size());
    }

    /** The container's script, with a psql that says what it was given. */
    @Test
    void makesEachRoleWithItsOwnPassword(@TempDir Path folder) throws IOException, InterruptedException {
        Path psql = folder.resolve("psql");
        Files.writeString(psql, "#!/bin/sh\ncat >/dev/null\necho \"$ROLE=$ROLE_PASSWORD\" >>" + folder + "/roles\n");
        assertThat(psql.toFile().setExecutable(true)).isTrue();
        Process process = script("databases", folder, Map.of("PATH", folder + ":" + System.getenv("PATH")));
        assertThat(process.waitFor()).isZero();

        assertThat(Files.readAllLines(folder.resolve("roles")))
                .containsExactlyElementsOf(withDatabase().stream()
                        .map(service -> service + "=" + password(service, "DATABASE"))
                        .toList());
    }

    private static String password(String service, String kind) {
        return "of-" + variable(service, kind);
    }

    private static String variable(String service, String kind) {
        return "VITRINA_" + service.replace('-', '_').toUpperCase(Locale.ROOT) + "_" + kind + "_PASSWORD";
    }

    /** Runs a container's script with the variables that it is given, each password being its variable's name. */
    private static Process script(String container, Path folder, Map<String, String> more) throws IOException {
        var builder = new ProcessBuilder(
                        "bash",
                        "-ec",
                        SERVICES.path(container)
                                .at("/command/0")
                                .asText()
                                .replace("$$", "$")
                                .replace("/tmp/", folder + "/")
                                .replace("exec docker-entrypoint.sh", "true"))
                .inheritIO();
        SERVICES.path(container).path("environment").properties().forEach(entry -> variables(
                        entry.getValue().asText())
                .forEach(name -> builder.environment().put(entry.getKey(), "of-" + name)));
        builder.environment().putAll(more);
        return builder.start();
    }

    /** The container's script, run here as it is but for where it writes and that it starts nothing. */
    @Test
    void givesEachServiceItsOwnRightsAtTheBroker(@TempDir Path folder) throws IOException, InterruptedException {
        assertThat(script("rabbitmq", folder, Map.of("ADMIN_PASSWORD", "a\"b\\c"))
                        .waitFor())
                .isZero();

        JsonNode definitions =
                Chart.YAML.readTree(folder.resolve("definitions.json").toFile());
        Map<String, String> passwords = new TreeMap<>();
        definitions
                .path("users")
                .forEach(user -> passwords.put(
                        user.path("name").asText(), user.path("password").asText()));
        var rights = Chart.YAML.createObjectNode();
        definitions
                .path("permissions")
                .forEach(right -> rights.set(right.path("user").asText(), right));
        JsonNode users = Chart.ofVitrina().values().at("/rabbitmq/users");
        Set<String> names = new TreeSet<>(Set.of("vitrina", "guest"));
        users.properties().forEach(user -> {
            names.add(user.getKey());
            user.getValue().properties().forEach(kind -> assertThat(
                            rights.path(user.getKey()).path(kind.getKey()))
                    .as(user.getKey())
                    .isEqualTo(kind.getValue()));
        });
        assertThat(passwords.keySet()).isEqualTo(names);
        assertThat(rights.properties()).extracting(Map.Entry::getKey).containsExactlyInAnyOrderElementsOf(names);
        assertThat(passwords).containsEntry("vitrina", "a\"b\\c").containsEntry("guest", "guest");
        users.properties()
                .forEach(user -> assertThat(passwords).containsEntry(user.getKey(), password(user.getKey(), "BROKER")));
        assertThat(rights.path("guest").path("read").asText())
                .isEqualTo("^(amq[.]gen-.+|client[.].+|features|y_pred|y_true)$");
        assertThat(Files.readString(folder.resolve("rabbitmq.conf")))
                .contains("load_definitions = " + folder + "/definitions.json", "max_message_size = 131072");
    }

    @Test
    void seesWhetherAServiceIsReady() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        SERVICES.at("/bff/healthcheck/test").forEach(part -> command.add(interpolated(part)));
        assertThat(command.remove(0)).isEqualTo("CMD");
        assertThat(healthy(command, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"))
                .isTrue();
        assertThat(healthy(command, "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"))
                .isFalse();
        assertThat(healthy(command, "")).isFalse();
    }

    private static boolean healthy(List<String> command, String answer) throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.startVirtualThread(() -> answer(server, answer));
            Process process = new ProcessBuilder(command.stream()
                            .map(part -> part.replace("/9090", "/" + server.getLocalPort()))
                            .toList())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            answering.join();
            return process.exitValue() == 0;
        }
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket socket = server.accept();
                OutputStream out = socket.getOutputStream()) {
            StringBuilder request = new StringBuilder();
            while (!request.toString().endsWith("\r\n\r\n")) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    break;
                }
                request.append((char) next);
            }
            assertThat(request.toString()).startsWith("GET /q/health/ready HTTP/1.1\r\nHost:");
            out.write(answer.getBytes(UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void isWhatComposeItselfTakes() throws IOException, InterruptedException {
        assumeTrue(run("docker", "compose", "version") == 0, "there is no docker compose here");
        assertThat(run("docker", "compose", "-f", FILE.toString(), "--env-file", example(), "config", "--quiet"))
                .isZero();
    }

    private static String example() throws IOException {
        Path file = Path.of("target/compose.env");
        Files.writeString(
                file, Files.readString(Chart.ROOT.resolve(".env.example")).replaceAll("(?m)^(VITRINA_\\w+)=$", "$1=x"));
        return file.toString();
    }

    private static int run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .inheritIO()
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void isExplainedWithItsSettings() throws IOException {
        String page = Files.readString(Chart.ROOT.resolve("docs/compose.md"));
        Set<String> oneOfEach = new TreeSet<>(variables(Files.readString(FILE)));
        for (String service : ours()) {
            for (String kind : List.of("DATABASE", "BROKER")) {
                if (oneOfEach.remove(variable(service, kind))) {
                    oneOfEach.add("VITRINA_<SERVICE>_" + kind + "_PASSWORD");
                }
            }
        }
        assertThat(oneOfEach).isNotEmpty().allMatch(page::contains);
    }
}

package org.vitrina.e2e.orders;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.vitrina.servers.FreePort;

/**
 * Debian's Prometheus and Alertmanager over some processes, by our own rules with shortened windows, and whoever is told of
 * alerts.
 */
final class Prometheus implements AutoCloseable {
    private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");
    private static final Path ALERTMANAGER = Path.of("/usr/bin/prometheus-alertmanager");
    private static final Path RULES = OrderStack.PROJECT.resolve("charts/vitrina/files/observability/rules.yaml");

    /** Windows of the rules and ages that they bear, each as long as a test can wait for: objectives and shares are as they are. */
    private static final Map<String, String> SHORTENED = Map.ofEntries(
            Map.entry("[5m]", "[8s]"),
            Map.entry("[30m]", "[15s]"),
            Map.entry("offset 30m", "offset 15s"),
            Map.entry("[1h]", "[15s]"),
            Map.entry("[6h]", "[20s]"),
            Map.entry("le=\"60.0\"", "le=\"5.0\""),
            Map.entry("vitrina_orders_pending_age_seconds) > 60", "vitrina_orders_pending_age_seconds) > 5"),
            Map.entry(
                    "vitrina_notifications_waiting_age_seconds) > 120",
                    "vitrina_notifications_waiting_age_seconds) > 5"),
            Map.entry("vitrina_predictions_waiting_age_seconds) > 300", "vitrina_predictions_waiting_age_seconds) > 5"),
            Map.entry("vitrina_outbox_age_seconds) > 60", "vitrina_outbox_age_seconds) > 5"),
            Map.entry("vitrina_audit_age_seconds) > 900", "vitrina_audit_age_seconds) > 8"));

    private static final Pattern FOR = Pattern.compile("(?m)^( +for:) \\d+m$");
    private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");

    /** What tells two alerts of one name apart. */
    private static final List<String> TELLING = List.of("slo", "dependency", "job", "queue", "metric");

    private final Http http = new Http();
    private final Path folder;
    private final int port = FreePort.find();
    private final List<Process> processes = new ArrayList<>();
    private final HttpServer receiver;
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();

    Prometheus(Path folder, Collection<Program> programs) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            JsonNode message = new Http.Answer(
                            200,
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                            Optional.empty())
                    .json();
            Instant now = Instant.now();
            message.path("alerts")
                    .forEach(alert -> told.add(
                            new Told(now, alert.path("status").asText().equals("firing"), name(alert.path("labels")))));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        int alertmanager = FreePort.find();
        startAlertmanager(alertmanager);
        startPrometheus(programs, alertmanager);
    }

    static boolean isHere() {
        return Files.isExecutable(PROMETHEUS) && Files.isExecutable(ALERTMANAGER);
    }

    /**
     * What the receiver was told.
     *
     * @param alert its name and what tells it apart, such as {@code VitrinaBudgetBurnsFast page}
     */
    record Told(Instant at, boolean firing, String alert) {}

    /** What the receiver was told of an alert so far, the oldest first. */
    List<Told> told(String alert) {
        return told.stream().filter(one -> one.alert().equals(alert)).toList();
    }

    /** The names of all alerts. */
    static List<String> alerts() throws IOException {
        return ALERT.matcher(Files.readString(RULES))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String name(JsonNode labels) {
        String alert = labels.path("alertname").asText();
        return TELLING.stream()
                .filter(labels::has)
                .findFirst()
                .map(label -> alert + " " + labels.path(label).asText())
                .orElse(alert);
    }

    private void startAlertmanager(int at) throws IOException {
        Path config = folder.resolve("alertmanager.yaml");
        Files.writeString(
                config,
                """
                route: {receiver: test, group_by: ["..."], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
                receivers:
                  - name: test
                    webhook_configs: [{url: "http://127.0.0.1:%d/", send_resolved: true}]
                """
                        .formatted(receiver.getAddress().getPort()));
        start(
                ALERTMANAGER,
                "--config.file=" + config,
                "--storage.path=" + folder.resolve("alertmanager"),
                "--web.listen-address=127.0.0.1:" + at,
                "--cluster.listen-address=");
    }

    private void startPrometheus(Collection<Program> programs, int alertmanager) throws IOException {
        String rules = Files.readString(RULES);
        for (Map.Entry<String, String> shorter : SHORTENED.entrySet()) {
            if (!rules.contains(shorter.getKey())) {
                throw new IllegalStateException("no rule has " + shorter.getKey());
            }
            rules = rules.replace(shorter.getKey(), shorter.getValue());
        }
        Files.writeString(folder.resolve("rules.yaml"), FOR.matcher(rules).replaceAll("$1 1s"));
        StringBuilder config = new StringBuilder(
                """
                global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
                rule_files: [rules.yaml]
                alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:%d"]}]}]}
                scrape_configs:
                  - job_name: vitrina
                    metrics_path: /q/metrics
                    static_configs:
                """
                        .formatted(alertmanager));
        for (Program program : programs) {
            config.append("      - {targets: [\"%s\"], labels: {job: vitrina-%s}}\n"
                    .formatted(program.management(), program.name()));
        }
        Path file = folder.resolve("prometheus.yaml");
        Files.writeString(file, config.toString());
        start(
                PROMETHEUS,
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("prometheus"),
                "--web.listen-address=127.0.0.1:" + port);
    }

    private void start(Path program, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(options));
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(program.getFileName() + ".log").toFile())
                .start());
    }

    /** The values of a query at this instant, without what is no number; fails where Prometheus cannot answer it. */
    List<Double> query(String expression) {
        List<Double> values = new ArrayList<>();
        ask("query?query=" + encoded(expression)).forEach(series -> add(values, series.path("value")));
        return values;
    }

    /**
     * A line of a panel.
     *
     * @param values by time in seconds, one a second, none where there was no number
     */
    record Line(Map<String, String> labels, NavigableMap<Long, Double> values) {}

    /** The lines that a panel's query draws between two instants. */
    List<Line> lines(String expression, Instant from, Instant to) {
        List<Line> lines = new ArrayList<>();
        String range = "&start=%d&end=%d&step=1".formatted(from.getEpochSecond(), to.getEpochSecond());
        for (JsonNode series : ask("query_range?query=" + encoded(expression) + range)) {
            Map<String, String> labels = new HashMap<>();
            series.path("metric")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            NavigableMap<Long, Double> values = new TreeMap<>();
            for (JsonNode sample : series.path("values")) {
                double value = number(sample);
                if (!Double.isNaN(value)) {
                    values.put(sample.path(0).asLong(), value);
                }
            }
            lines.add(new Line(labels, values));
        }
        return lines;
    }

    private JsonNode ask(String what) {
        Http.Answer answer = http.get("http://127.0.0.1:" + port + "/api/v1/" + what);
        if (answer.status() != 200) {
            throw new IllegalStateException(what + ": " + answer);
        }
        return answer.json().at("/data/result");
    }

    private static String encoded(String expression) {
        return URLEncoder.encode(expression, StandardCharsets.UTF_8);
    }

    private static void add(List<Double> values, JsonNode sample) {
        double value = number(sample);
        if (!Double.isNaN(value)) {
            values.add(value);
        }
    }

    private static double number(JsonNode sample) {
        return Double.parseDouble(sample.path(1).asText().replace("Inf", "Infinity"));
    }

    boolean isReady() {
        return http.get("http://127.0.0.1:" + port + "/-/ready").status() == 200;
    }

    /** The last lines of both programs, for a failed test. */
    String lastWords() {
        StringBuilder words = new StringBuilder("told: " + told + "\n");
        for (Path program : List.of(PROMETHEUS, ALERTMANAGER)) {
            try {
                List<String> lines = Files.readAllLines(folder.resolve(program.getFileName() + ".log"));
                words.append(String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())))
                        .append('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return words.toString();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
        receiver.stop(0);
    }
}

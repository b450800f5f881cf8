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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
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

    /** Windows and patience of the rules, each as long as a test can wait for. */
    private static final List<String> WINDOWS = List.of("[5m]=[8s]", "[30m]=[15s]", "[1h]=[15s]", "[6h]=[20s]");

    private static final Pattern FOR = Pattern.compile("(?m)^( +for:) \\d+m$");

    private final Http http = new Http();
    private final Path folder;
    private final int port = FreePort.find();
    private final List<Process> processes = new ArrayList<>();
    private final HttpServer receiver;
    private final Set<String> told = new ConcurrentSkipListSet<>();

    Prometheus(Path folder, Collection<Program> programs) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            JsonNode message = new Http.Answer(
                            200,
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                            java.util.Optional.empty())
                    .json();
            message.path("alerts")
                    .forEach(alert -> told.add(alert.path("status").asText() + " " + name(alert.path("labels"))));
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

    /** What the receiver was told so far, such as {@code firing VitrinaBudgetBurnsFast page}. */
    Set<String> told() {
        return told;
    }

    private static String name(JsonNode labels) {
        String alert = labels.path("alertname").asText();
        for (String label : List.of("slo", "dependency", "job")) {
            if (labels.has(label)) {
                return alert + " " + labels.path(label).asText();
            }
        }
        return alert;
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
        for (String window : WINDOWS) {
            String[] both = window.split("=", -1);
            rules = rules.replace(both[0], both[1]);
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

    /** The samples of a query, each a number; fails where Prometheus cannot answer it. */
    List<Double> query(String expression) {
        Http.Answer answer = http.get("http://127.0.0.1:" + port + "/api/v1/query?query="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        if (answer.status() != 200) {
            throw new IllegalStateException(expression + ": " + answer);
        }
        List<Double> values = new ArrayList<>();
        answer.json()
                .at("/data/result")
                .forEach(sample ->
                        values.add(Double.valueOf(sample.at("/value/1").asText().replace("Inf", "Infinity"))));
        return values;
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

package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.vitrina.servers.FreePort;

/** The packaged program, as a process of its own. */
final class Replica implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofMinutes(1);

    final int port;
    final Process process;

    private Replica(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /**
     * Starts one and waits until it serves.
     *
     * @param log name of the file in target that its output is added to
     */
    static Replica launch(Map<String, String> settings, Map<String, String> environment, String log)
            throws IOException {
        int port = FreePort.find();
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.port=0",
                "-Dvitrina.orders.saga.lease=1s",
                "-Dvitrina.orders.saga.sweep-interval=100ms",
                "-Dvitrina.web.default-deadline=10s"));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", program().toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(Path.of("target", log).toFile()));
        builder.environment().putAll(environment);
        var replica = new Replica(port, builder.start());
        try {
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(() -> given().port(port).get("/api/v1/orders").statusCode() == 200);
        } catch (RuntimeException | Error late) {
            replica.process.destroyForcibly();
            throw late;
        }
        return replica;
    }

    /** No last word, as with {@code kill -9}. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    static boolean isNative() throws IOException {
        return Files.readAllLines(Path.of("target/quarkus-artifact.properties")).contains("type=native");
    }

    private static Path program() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}

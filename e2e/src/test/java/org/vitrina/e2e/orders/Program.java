package org.vitrina.e2e.orders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vitrina.servers.FreePort;

/** One packaged service as a process that may die: its ports, its settings and its log are the same in every life. */
final class Program {
    /** Where the kernel can be told to end a child with the thread that forked it: that one lasts as long as this JVM. */
    private static final ExecutorService FORKING = Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().daemon().name("programs").unstarted(work));

    private static final boolean CAN_TIE = Files.isExecutable(Path.of("/usr/bin/setpriv"));

    private final String name;
    private final Path jar;
    private final Path log;
    private final int port = FreePort.find();
    private final int managementPort = FreePort.find();
    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, String> environment;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private @Nullable Process process;

    /**
     * @param service the folder under services whose package is started
     * @param settings by property, as a service refuses to start with one that it does not know; not so with a variable
     */
    Program(Path project, Path logs, String service, Map<String, String> settings, Map<String, String> environment) {
        this.name = service;
        this.jar = runner(project.resolve("services").resolve(service).resolve("target"));
        this.log = logs.resolve(service + ".log");
        this.environment = Map.copyOf(environment);
        this.settings.put("quarkus.http.host", "127.0.0.1");
        this.settings.put("quarkus.management.host", "127.0.0.1");
        this.settings.put("quarkus.http.port", Integer.toString(port));
        this.settings.put("quarkus.management.port", Integer.toString(managementPort));
        this.settings.putAll(settings);
    }

    String name() {
        return name;
    }

    /** Where it listens, such as {@code http://127.0.0.1:4711}. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /** Host and port of its health and metrics. */
    String management() {
        return "127.0.0.1:" + managementPort;
    }

    synchronized void start() {
        List<String> command = new ArrayList<>();
        if (CAN_TIE) {
            command.addAll(List.of("/usr/bin/setpriv", "--pdeathsig", "KILL", "--"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms32m",
                "-Xmx128m",
                "--add-opens=java.base/java.lang=ALL-UNNAMED"));
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", jar.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(java.util.Objects.requireNonNull(jar.getParent()).toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            process = FORKING.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(name + " cannot be started", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Whether it stands still (SIGSTOP). */
    synchronized boolean isFrozen() {
        if (process == null || !process.isAlive()) {
            return false;
        }
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.anyMatch(line -> line.startsWith("State:\tT"));
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
    }

    boolean isReady() {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGKILL; returns when it is gone. */
    synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    /** SIGSTOP. */
    void freeze() {
        signal("-STOP");
    }

    /** SIGCONT. */
    void thaw() {
        signal("-CONT");
    }

    /** All that it said, in all its lives. */
    List<String> log() throws IOException {
        return Files.readAllLines(log);
    }

    /** What it said last, for a failed test. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return "no log " + log + ": " + e;
        }
    }

    private synchronized void signal(String signal) {
        if (process == null || !process.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path runner(Path target) {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("not packaged: " + target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

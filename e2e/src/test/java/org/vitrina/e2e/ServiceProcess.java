package org.vitrina.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.vitrina.servers.FreePort;

/** A packaged service started alone, with an environment of the test's choice. */
final class ServiceProcess implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int httpPort = FreePort.find();
    private final int managementPort = FreePort.find();
    private final List<String> output = new ArrayList<>();
    private final Process process;
    private final Thread reader;

    private ServiceProcess(String service, Map<String, String> environment) {
        Path target = Store.project().resolve("services").resolve(service).resolve("target");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-jar",
                        runner(target).toString())
                .directory(target.toFile())
                .redirectErrorStream(true);
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader = Thread.startVirtualThread(this::collect);
    }

    static ServiceProcess start(String service, Map<String, String> environment) {
        return new ServiceProcess(service, environment);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether something listens on the HTTP or the management port. */
    boolean isListening() {
        return listening(httpPort) || listening(managementPort);
    }

    /** The exit status, waited for; fails when the process does not end. */
    int exit(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + timeout + ":\n" + output());
        }
        reader.join(Duration.ofSeconds(5));
        return process.exitValue();
    }

    String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    HttpResponse<String> get(String path) {
        return Shop.get(http, URI.create("http://127.0.0.1:" + httpPort + path));
    }

    /** Status of {@code live}, {@code ready} or {@code started}. */
    int health(String check) {
        return Shop.get(http, URI.create("http://127.0.0.1:" + managementPort + "/q/health/" + check))
                .statusCode();
    }

    /** The value of a metric, of all its series together. */
    double metric(String name) {
        return Shop.get(http, URI.create("http://127.0.0.1:" + managementPort + "/q/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** A connection to its HTTP port on which this has been sent. */
    Socket open(String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpPort);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    void signal(String name) {
        signal(process.pid(), name);
    }

    /** Sends a signal to a process. */
    static void signal(long pid, String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " " + pid + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        http.close();
    }

    private void collect() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                synchronized (output) {
                    output.add(line);
                }
                line = lines.readLine();
            }
        } catch (IOException e) {
            // the process is gone
        }
    }

    private static boolean listening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
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

package org.vitrina.e2e.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.vitrina.launcher.spec.Server;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;

/** A person at a terminal: runs ./vitrina with a data folder and a port offset of its own. */
final class Terminal {
    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    static final Duration SOON = Duration.ofMinutes(2);

    private final Path folder;
    private final List<String> before = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Path project = PROJECT;
    final int offset;

    Terminal(Path folder) {
        this(folder, freeOffset());
    }

    Terminal(Path folder, int offset) {
        this.folder = folder;
        this.offset = offset;
    }

    /** Of another source tree than this one. */
    Terminal of(Path otherProject) {
        project = otherProject;
        return this;
    }

    Terminal with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Every command is run by this one: setpriv and its options, say. */
    Terminal through(String... command) {
        before.addAll(List.of(command));
        return this;
    }

    /** What a command left when it had ended. */
    record Ended(int exit, String output) {}

    /** A command that goes on. */
    record Running(Process process, Path output) {
        String text() {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Running awaitText(String text) {
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> text().contains(text) || !process.isAlive());
            assertThat(text()).contains(text);
            return this;
        }

        int awaitExit() throws InterruptedException {
            assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS))
                    .as(text())
                    .isTrue();
            return process.exitValue();
        }
    }

    Ended vitrina(String... words) throws Exception {
        Running running = start(words);
        int exit = running.awaitExit();
        return new Ended(exit, running.text());
    }

    /** The command with this terminal's --port-offset. */
    Ended here(String... words) throws Exception {
        return vitrina(withOffset(words));
    }

    /** The command with this terminal's --port-offset, not waiting for anything. */
    Running running(String... words) throws IOException {
        return start(withOffset(words));
    }

    /** {@code ./vitrina up --no-build} of these parts, not waiting for anything. */
    Running up(String parts, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("up", "--no-build", "--only", parts));
        words.addAll(List.of(options));
        return start(withOffset(words.toArray(String[]::new)));
    }

    Running upAndReady(String parts, String... options) throws IOException {
        return up(parts, options).awaitText("Ctrl-C stops everything");
    }

    private String[] withOffset(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--port-offset", Integer.toString(offset)));
        return all.toArray(String[]::new);
    }

    private Running start(String... words) throws IOException {
        // Under nohup SIGHUP is ignored by all that we start, and a JVM keeps to that: a terminal's command starts
        // without.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
        command.addAll(before);
        command.add(project.resolve("vitrina").toString());
        command.addAll(List.of(words));
        Path output = Files.createTempFile("vitrina", ".out");
        output.toFile().deleteOnExit();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("VITRINA_DIR", folder.resolve("data").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home", ""));
        builder.environment().putAll(environment);
        return new Running(builder.start(), output);
    }

    Path instance() {
        return folder.resolve("data").resolve("offset-" + offset);
    }

    /** Pids by name, as the launcher noted them. */
    Map<String, Long> pids() throws IOException {
        Map<String, Long> pids = new HashMap<>();
        Path state = instance().resolve("run/state");
        if (Files.exists(state)) {
            for (String line : Files.readAllLines(state)) {
                String[] field = line.split(" ", -1);
                pids.put(field[0], Long.parseLong(field[1]));
            }
        }
        return pids;
    }

    /** The pid that the launcher noted for a part, for itself or for its guard. */
    long pid(String name) throws IOException {
        return pid(pids(), name);
    }

    static long pid(Map<String, Long> pids, String name) {
        return Objects.requireNonNull(pids.get(name), () -> name + " is not in " + pids);
    }

    /** These processes and all below them. */
    static List<ProcessHandle> trees(Iterable<Long> pids) {
        List<ProcessHandle> all = new ArrayList<>();
        for (long pid : pids) {
            ProcessHandle.of(pid).ifPresent(handle -> {
                all.add(handle);
                handle.descendants().forEach(all::add);
            });
        }
        return all;
    }

    static void signal(String signal, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-s", signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Whether it runs: one that ended and that nobody has reaped yet does not. */
    static boolean runs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }

    static void awaitGone(List<ProcessHandle> processes, Duration timeout) {
        await().atMost(timeout).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> assertThat(
                        processes.stream().filter(Terminal::runs))
                .isEmpty());
    }

    private static final List<Integer> PORTS = ports();

    private static List<Integer> ports() {
        List<Integer> ports = new ArrayList<>();
        for (Server server : Server.values()) {
            ports.add(server.port());
        }
        for (ServiceSpec service : Services.of(PROJECT).all()) {
            ports.addAll(List.of(service.httpPort(), service.managementPort()));
        }
        return ports;
    }

    /** An offset at which every port of the system is free; below the range that the kernel hands out. */
    private static int freeOffset() {
        while (true) {
            int offset = ThreadLocalRandom.current().nextInt(1000, 8000);
            boolean free = true;
            for (int port : PORTS) {
                try (ServerSocket socket = new ServerSocket(port + offset, 1, InetAddress.getLoopbackAddress())) {
                    free &= socket.isBound();
                } catch (IOException taken) {
                    free = false;
                }
            }
            if (free) {
                return offset;
            }
        }
    }
}

package org.vitrina.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The broker of the local run: RabbitMQ where Debian's package is installed, else the embedded one of platform/servers, each
 * a plain process with its messages in a folder that outlives the run. {@value #CHOICE} ({@code rabbitmq}, {@code embedded})
 * decides otherwise.
 */
final class Broker {
    /** Below an instance's directory. */
    static final String FOLDER = "broker";

    private static final String CHOICE = "VITRINA_LOCAL_BROKER";

    private static final Path RABBITMQ = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
    private static final Path PORT_MAPPER = Path.of("/usr/bin/epmd");

    private final Path folder;
    private final Address address;
    private final @Nullable Path embedded;

    private Broker(Path folder, Address address, @Nullable Path embedded) {
        this.folder = folder;
        this.address = address;
        this.embedded = embedded;
    }

    static Broker choose(Path project, Path folder, Address address) throws IOException {
        boolean isInstalled = Files.isExecutable(RABBITMQ) && Files.isExecutable(PORT_MAPPER);
        String choice = Optional.ofNullable(System.getenv(CHOICE)).orElse("").toLowerCase(Locale.ROOT);
        boolean rabbit =
                switch (choice) {
                    case "rabbitmq" -> true;
                    case "embedded" -> false;
                    case "" -> isInstalled;
                    default -> throw new StartException(CHOICE + " is rabbitmq or embedded, not '" + choice + "'.");
                };
        if (rabbit && !isInstalled) {
            throw new StartException(CHOICE + "=rabbitmq, but there is no " + RABBITMQ
                    + ": install Debian's rabbitmq-server, or leave the choice to us.");
        }
        // their files differ, and a message must not be looked for in the other one's
        Path own = folder.resolve(rabbit ? "rabbitmq" : "embedded");
        Files.createDirectories(own);
        return new Broker(own, address, rabbit ? null : jar(project));
    }

    private static Path jar(Path project) throws IOException {
        Path target = project.resolve("platform/servers/target");
        try (Stream<Path> files = Files.isDirectory(target.resolve("lib")) ? Files.list(target) : Stream.of()) {
            return files.filter(file -> file.getFileName().toString().matches("vitrina-servers-.*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new StartException(
                            "The embedded broker is not built (no jar in " + target + "): run './vitrina build'."));
        }
    }

    boolean isRabbit() {
        return embedded == null;
    }

    /** Which one it is, for whoever watches the start. */
    String description() {
        return isRabbit()
                ? "RabbitMQ, as it is installed here"
                : "the embedded AMQP 0-9-1 broker (install rabbitmq-server for the real one)";
    }

    /** Erlang's port mapper as a process of its own, since the one that RabbitMQ would start outlives it. */
    ProcessSpec portMapperSpec(int port, Path log) {
        return new ProcessSpec(
                List.of(PORT_MAPPER.toString(), "-port", Integer.toString(port), "-address", "127.0.0.1"),
                Map.of(),
                folder,
                log,
                "TERM",
                "KILL",
                ProcessSpec.Identity.SAME);
    }

    /**
     * @param portMapper of Erlang, not used by the embedded one
     * @param distribution the port that Erlang wants to be managed on; likewise
     */
    ProcessSpec spec(int portMapper, int distribution, Path log) throws IOException {
        return embedded == null ? rabbit(portMapper, distribution, log) : embedded(embedded, log);
    }

    private ProcessSpec embedded(Path jar, Path log) {
        return new ProcessSpec(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dslf4j.internal.verbosity=ERROR",
                        "-jar",
                        jar.toString(),
                        "--port",
                        Integer.toString(address.port()),
                        "--data",
                        folder.toString()),
                Map.of(),
                folder,
                log,
                "TERM",
                "KILL",
                ProcessSpec.Identity.SAME);
    }

    private ProcessSpec rabbit(int portMapper, int distribution, Path log) throws IOException {
        for (String name : List.of("mnesia", "log", "home")) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.writeString(folder.resolve("enabled_plugins"), "[].");
        Files.writeString(
                folder.resolve("rabbitmq.conf"),
                """
                loopback_users = none
                log.console.level = warning
                vm_memory_high_watermark.absolute = 256MB
                disk_free_limit.absolute = 50MB
                """);
        Map<String, String> environment = Map.ofEntries(
                // the Erlang machine takes the script's place, so that our signals reach it
                Map.entry("RUNNING_UNDER_SYSTEMD", "true"),
                Map.entry("HOME", folder.resolve("home").toString()),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("ERL_EPMD_PORT", Integer.toString(portMapper)),
                // the same on every port, since the folder of the data has its name
                Map.entry("RABBITMQ_NODENAME", "vitrina@localhost"),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODE_PORT", Integer.toString(address.port())),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(distribution)),
                Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString()),
                Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
                Map.entry("RABBITMQ_LOGS", "-"),
                Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        folder.resolve("enabled_plugins").toString()),
                Map.entry("RABBITMQ_PID_FILE", folder.resolve("pid").toString()),
                // the distribution listens on loopback too
                Map.entry(
                        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                        "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none"
                                + " -kernel inet_dist_use_interface {127,0,0,1}"));
        return new ProcessSpec(
                List.of(RABBITMQ.toString()), environment, folder, log, "TERM", "KILL", ProcessSpec.Identity.SAME);
    }
}

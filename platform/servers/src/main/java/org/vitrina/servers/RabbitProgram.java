package org.vitrina.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's rabbitmq-server as one plain process, and Erlang's port mapper as another, which else would outlive it. */
public final class RabbitProgram {
    /** Where it is installed. */
    public static final Path SCRIPT = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    private static final Path PORT_MAPPER = Path.of("/usr/bin/epmd");

    /**
     * The ports of 127.0.0.1 that it wants.
     *
     * @param distribution on which Erlang is managed
     */
    public record Ports(int amqp, int distribution, int portMapper) {}

    private RabbitProgram() {}

    public static boolean isInstalled() {
        return Files.isExecutable(SCRIPT) && Files.isExecutable(PORT_MAPPER);
    }

    /** Makes the folders and settings that {@link #environment} names. */
    public static void prepare(Path folder) throws IOException {
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
                disk_free_limit.absolute = 10MB
                max_message_size = 131072
                """);
    }

    /** The port mapper's command line; it must listen before the server starts. */
    public static List<String> portMapperCommand(int port) {
        return List.of(PORT_MAPPER.toString(), "-port", Integer.toString(port), "-address", "127.0.0.1");
    }

    /**
     * What the server reads its settings from.
     *
     * @param node part of the name of the folder with the data: another one starts empty
     */
    public static Map<String, String> environment(Path folder, String node, Ports ports) {
        return Map.ofEntries(
                // the Erlang machine takes the script's place: it is what signals must reach, and what must not be left
                // behind
                Map.entry("RUNNING_UNDER_SYSTEMD", "true"),
                Map.entry("HOME", folder.resolve("home").toString()),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("ERL_EPMD_PORT", Integer.toString(ports.portMapper())),
                Map.entry("RABBITMQ_NODENAME", node + "@localhost"),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODE_PORT", Integer.toString(ports.amqp())),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(ports.distribution())),
                Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString()),
                Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
                Map.entry("RABBITMQ_LOGS", "-"),
                Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        folder.resolve("enabled_plugins").toString()),
                Map.entry("RABBITMQ_PID_FILE", folder.resolve("pid").toString()),
                // one scheduler that does not spin, since a few cores serve everything; the distribution on loopback
                // too
                Map.entry(
                        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                        "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none"
                                + " -kernel inet_dist_use_interface {127,0,0,1}"));
    }
}

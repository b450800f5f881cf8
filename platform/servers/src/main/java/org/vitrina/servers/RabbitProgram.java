package org.vitrina.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Debian's rabbitmq-server as one plain process, and Erlang's port mapper as another, which else would outlive it. */
public final class RabbitProgram {
    /** Manages a node. */
    static final Path CONTROL = Path.of("/usr/lib/rabbitmq/bin/rabbitmqctl");

    /** Where it is installed. */
    public static final Path SCRIPT = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    private static final String DEFINITIONS = "definitions.json";
    private static final Path PORT_MAPPER = Path.of("/usr/bin/epmd");

    /**
     * The ports of 127.0.0.1 that it wants.
     *
     * @param distribution on which Erlang is managed
     */
    public record Ports(int amqp, int distribution, int portMapper) {}

    /**
     * A user, and what he may do in the only virtual host: patterns of names, as RabbitMQ takes them.
     *
     * @param configure to declare and to delete
     * @param write to send, and to bind a queue
     * @param read to read, and to bind to an exchange
     */
    public record User(String name, String password, String configure, String write, String read) {
        /** Who may do everything. */
        public static User ofAll(String name, String password) {
            return new User(name, password, ".*", ".*", ".*");
        }
    }

    /**
     * What makes it a node of several, in whose virtual host queues without arguments are quorum queues.
     *
     * @param peers the names of nodes, itself among them, that an empty one looks for to join
     * @param cookie what Erlang's nodes know each other by
     */
    public record Cluster(List<String> peers, String cookie) {}

    private RabbitProgram() {}

    public static boolean isInstalled() {
        return Files.isExecutable(SCRIPT) && Files.isExecutable(PORT_MAPPER);
    }

    /**
     * Makes the folders and settings that {@link #environment} names.
     *
     * @param users all that there are; those that an earlier start was given stay, with what they were given then
     */
    public static void prepare(Path folder, List<User> users) throws IOException {
        prepare(folder, users, null);
    }

    /** The same for a node of several; null: for one alone. */
    static void prepare(Path folder, List<User> users, @Nullable Cluster cluster) throws IOException {
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
                load_definitions = %s
                %s
                """
                        .formatted(folder.resolve(DEFINITIONS), cluster == null ? "" : joining(cluster)));
        if (cluster != null) {
            write(folder.resolve("home/.erlang.cookie"), "r--------", cluster.cookie());
        }
        write(folder.resolve(DEFINITIONS), "rw-------", definitions(users, cluster != null));
    }

    /** Nobody else may read it, not even while it is written. */
    private static void write(Path file, String permissions, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static String joining(Cluster cluster) {
        var settings = new StringBuilder("cluster_formation.peer_discovery_backend = classic_config\n");
        for (int i = 0; i < cluster.peers().size(); i++) {
            settings.append("cluster_formation.classic_config.nodes.%d = %s%n"
                    .formatted(i + 1, cluster.peers().get(i)));
        }
        return settings.toString();
    }

    private static String definitions(List<User> users, boolean quorum) {
        return """
                {"users": [%s],
                 "vhosts": [{"name": "/"%s}],
                 "permissions": [%s]}
                """
                .formatted(
                        users.stream()
                                .map(user -> "{\"name\": %s, \"password\": %s, \"tags\": []}"
                                        .formatted(quoted(user.name()), quoted(user.password())))
                                .collect(Collectors.joining(",\n")),
                        quorum ? ", \"metadata\": {\"default_queue_type\": \"quorum\"}" : "",
                        users.stream()
                                .map(user ->
                                        "{\"user\": %s, \"vhost\": \"/\", \"configure\": %s, \"write\": %s, \"read\": %s}"
                                                .formatted(
                                                        quoted(user.name()),
                                                        quoted(user.configure()),
                                                        quoted(user.write()),
                                                        quoted(user.read())))
                                .collect(Collectors.joining(",\n")));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** The port mapper's command line; it must listen before the server starts. */
    public static List<String> portMapperCommand(int port) {
        return List.of(PORT_MAPPER.toString(), "-port", Integer.toString(port), "-address", "127.0.0.1");
    }

    /** The full name of a node. */
    static String nodeName(String node) {
        return node + "@localhost";
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
                Map.entry("RABBITMQ_NODENAME", nodeName(node)),
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

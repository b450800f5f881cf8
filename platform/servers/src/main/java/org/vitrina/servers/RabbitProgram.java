package org.vitrina.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Debian's rabbitmq-server as one plain process, and Erlang's port mapper as another, which else would outlive it. */
final class RabbitProgram {
    private static final Path SCRIPT = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
    private static final Path PORT_MAPPER = Path.of("/usr/bin/epmd");

    private RabbitProgram() {}

    static boolean isInstalled() {
        return Files.isExecutable(SCRIPT) && Files.isExecutable(PORT_MAPPER);
    }

    static void prepare(Path folder) throws IOException {
        for (String name : new String[] {"mnesia", "log", "home"}) {
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
                """);
    }

    static Process portMapper(BrokerServer.ErlangPorts ports) throws IOException {
        return new ProcessBuilder(
                        PORT_MAPPER.toString(), "-port", Integer.toString(ports.portMapper()), "-address", "127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    static ProcessBuilder server(Path folder, int port, BrokerServer.ErlangPorts ports) {
        var builder = new ProcessBuilder(SCRIPT.toString());
        builder.environment()
                .putAll(Map.ofEntries(
                        // the Erlang machine takes the script's place: it is what must not be left behind
                        Map.entry("RUNNING_UNDER_SYSTEMD", "true"),
                        Map.entry("HOME", folder.resolve("home").toString()),
                        Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                        Map.entry("ERL_EPMD_PORT", Integer.toString(ports.portMapper())),
                        Map.entry("RABBITMQ_NODENAME", "v" + port + "@localhost"),
                        Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                        Map.entry("RABBITMQ_NODE_PORT", Integer.toString(port)),
                        Map.entry("RABBITMQ_DIST_PORT", Integer.toString(ports.distribution())),
                        Map.entry(
                                "RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString()),
                        Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
                        Map.entry("RABBITMQ_LOGS", "-"),
                        Map.entry(
                                "RABBITMQ_CONFIG_FILE",
                                folder.resolve("rabbitmq").toString()),
                        Map.entry(
                                "RABBITMQ_ENABLED_PLUGINS_FILE",
                                folder.resolve("enabled_plugins").toString()),
                        Map.entry("RABBITMQ_PID_FILE", folder.resolve("pid").toString()),
                        // one scheduler that does not spin: tests share two cores
                        Map.entry(
                                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                                "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none")));
        return builder;
    }
}

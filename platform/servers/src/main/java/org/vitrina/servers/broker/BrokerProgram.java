package org.vitrina.servers.broker;

import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.SystemConfig;

/**
 * Starts the broker on 127.0.0.1 for user guest, password guest; SIGTERM ends it. With a data folder durable queues and
 * persistent messages outlive a {@code kill -9}, as RabbitMQ's do.
 */
public final class BrokerProgram {
    static final String HELP =
            """
            An AMQP 0-9-1 broker on 127.0.0.1, for tests and the local run (user guest, password guest).

              --port N      its port (default 5672)
              --data DIR    keeps durable queues and persistent messages there (default: in memory)
            """;

    private BrokerProgram() {}

    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        BrokerOptions options;
        try {
            options = BrokerOptions.of(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(HELP);
            System.exit(2);
            return;
        }
        try {
            start(options);
        } catch (Exception e) {
            System.err.println("the broker did not start on port " + options.port() + ": " + e);
            System.exit(1);
        }
    }

    private static void start(BrokerOptions options) throws Exception {
        Map<String, String> context = new HashMap<>();
        context.put("qpid.amqp_port", Integer.toString(options.port()));
        // RabbitMQ knows arguments that Qpid does not; ours have none, another client's must not fail
        context.put("queue.behaviourOnUnknownDeclareArgument", "IGNORE");
        // memory that messages may take before they are read from disk again
        context.put(
                "broker.flowToDiskThreshold", Long.toString(Runtime.getRuntime().maxMemory() / 4));
        String configuration = "memory.json";
        if (options.data() != null) {
            configuration = "durable.json";
            context.put("vitrina.data", options.data().resolve("messages").toString());
            System.setProperty(
                    "derby.stream.error.file",
                    options.data().resolve("derby.log").toString());
        }
        Map<String, Object> attributes = new HashMap<>();
        attributes.put(ConfiguredObject.TYPE, "Memory");
        attributes.put(SystemConfig.INITIAL_CONFIGURATION_LOCATION, location(configuration));
        attributes.put(SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT, false);
        attributes.put(ConfiguredObject.CONTEXT, context);
        var launcher = new SystemLauncher();
        Runtime.getRuntime().addShutdownHook(new Thread(launcher::shutdown, "broker-end"));
        launcher.startup(attributes);
        System.out.println("AMQP 0-9-1 on 127.0.0.1:" + options.port()
                + (options.data() == null ? ", in memory" : ", durable in " + options.data()));
    }

    private static String location(String configuration) {
        URL url = BrokerProgram.class.getResource(configuration);
        if (url == null) {
            throw new IllegalStateException(configuration + " is not in the jar");
        }
        return url.toString();
    }
}

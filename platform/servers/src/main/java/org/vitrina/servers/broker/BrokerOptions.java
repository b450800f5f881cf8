package org.vitrina.servers.broker;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param port of 127.0.0.1
 * @param data where queues and messages are kept; null: in memory only
 */
record BrokerOptions(int port, @Nullable Path data) {
    private static final int AMQP_PORT = 5672;

    /** @throws IllegalArgumentException with a sentence for whoever typed it */
    static BrokerOptions of(List<String> arguments) {
        int port = AMQP_PORT;
        Path data = null;
        if (arguments.size() % 2 != 0) {
            throw new IllegalArgumentException("an option is without its value: " + String.join(" ", arguments));
        }
        for (int i = 0; i < arguments.size(); i += 2) {
            String value = arguments.get(i + 1);
            switch (arguments.get(i)) {
                case "--port" -> port = port(value);
                case "--data" -> data = Path.of(value).toAbsolutePath();
                default -> throw new IllegalArgumentException("no option " + arguments.get(i));
            }
        }
        return new BrokerOptions(port, data);
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("--port is a number from 1 to 65535, not " + text);
    }
}

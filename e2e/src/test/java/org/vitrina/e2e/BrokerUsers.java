package org.vitrina.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.vitrina.launcher.spec.BrokerRights;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;
import org.vitrina.servers.BrokerServer;
import org.vitrina.servers.RabbitProgram.User;

/** A broker on which each service has a user with rights of its own, as everywhere but in tests of one service. */
public final class BrokerUsers {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final String PASSWORD = "secret";

    private BrokerUsers() {}

    /** The caller closes it. */
    public static BrokerServer start() {
        return BrokerServer.start(BrokerServer.chosen(), users());
    }

    /** The same of several nodes, which only RabbitMQ has; the caller closes them, the first as the last. */
    public static List<BrokerServer> startCluster(int nodes) {
        return BrokerServer.startCluster(nodes, users());
    }

    private static List<User> users() {
        return Services.of(PROJECT).all().stream()
                .filter(ServiceSpec::hasBroker)
                .map(service -> BrokerRights.of(service).user(service.name(), PASSWORD))
                .toList();
    }

    /** The settings by which a service logs in as itself; the embedded broker knows guest only. */
    public static Map<String, String> settings(BrokerServer broker, String service) {
        return broker.kind() == BrokerServer.Kind.RABBITMQ
                ? Map.of("vitrina.broker.username", service, "vitrina.broker.password", PASSWORD)
                : Map.of();
    }
}

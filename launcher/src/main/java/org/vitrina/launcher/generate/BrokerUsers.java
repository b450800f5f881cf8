package org.vitrina.launcher.generate;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrina.launcher.spec.BrokerRights;
import org.vitrina.launcher.spec.ServiceSpec;

/** What each service's user of the broker may do, as the chart and Compose are told it. */
final class BrokerUsers {
    private BrokerUsers() {}

    /** A line of the chart's {@code rabbitmq.users}. */
    static String ofChart(ServiceSpec service) {
        BrokerRights rights = BrokerRights.of(service);
        return "    %s: {configure: \"%s\", write: \"%s\", read: \"%s\"}\n"
                .formatted(service.name(), rights.configure(), rights.write(), rights.read());
    }

    /** Lines of a script in {@code docker-compose.yaml}, in which a dollar sign is two: a name and its three patterns. */
    static String ofCompose(List<ServiceSpec> services) {
        return Stream.concat(
                        Stream.of(line("guest", BrokerRights.ofGuest())),
                        services.stream().map(service -> line(service.name(), BrokerRights.of(service))))
                .collect(Collectors.joining());
    }

    private static String line(String user, BrokerRights rights) {
        return "        %s %s %s %s\n"
                .formatted(user, rights.configure(), rights.write(), rights.read())
                .replace("$", "$$");
    }
}

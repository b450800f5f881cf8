package org.vitrina.launcher.spec;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.vitrina.servers.RabbitProgram.User;

/**
 * What a user of the broker may do, as RabbitMQ writes it: patterns of names of exchanges and queues.
 *
 * @param configure to declare and to delete
 * @param write to send to an exchange, and to bind a queue
 * @param read to read a queue, and to bind to an exchange
 */
public record BrokerRights(String configure, String write, String read) {
    /** The default exchange, as rights call it: who may write it may write every queue. */
    private static final String DEFAULT_EXCHANGE = "amq.default";

    /** What a client of the local run may know nothing of us to use. */
    private static final Set<String> OPEN_QUEUES = Set.of("features", "y_true", "y_pred");

    /** Those in which a client takes answers: named by the broker, or as it likes. */
    private static final Set<String> OWN_QUEUES = Set.of("amq.gen-.+", "client..+");

    /**
     * Those of a service: both ends of what it sends and reads, since whoever comes first declares them, and its dead
     * letters; to read only what is its own, and exchanges, to bind queues to them.
     */
    public static BrokerRights of(ServiceSpec service) {
        Set<String> configure = new TreeSet<>();
        Set<String> write = new TreeSet<>();
        Set<String> read = new TreeSet<>();
        service.reads().forEach((queue, exchange) -> {
            Set<String> own = Set.of(queue, queue + ".dlq", queue + ".dlq.in");
            configure.addAll(own);
            configure.add(exchange);
            write.addAll(own);
            read.addAll(own);
            read.add(exchange);
        });
        for (Map.Entry<String, String> sent : service.sends().entrySet()) {
            List<String> ends = List.of(sent.getKey(), sent.getValue());
            configure.addAll(ends);
            write.addAll(ends);
            read.add(sent.getValue());
        }
        if (service.replies()) {
            write.add(DEFAULT_EXCHANGE);
        }
        return new BrokerRights(pattern(configure), pattern(write), pattern(read));
    }

    /** Those of {@code guest}, by which any client sends and reads the pipeline's queues as it would at any broker. */
    public static BrokerRights ofGuest() {
        Set<String> own = new TreeSet<>(OPEN_QUEUES);
        own.addAll(OWN_QUEUES);
        Set<String> write = new TreeSet<>(own);
        write.add(DEFAULT_EXCHANGE);
        return new BrokerRights(pattern(own), pattern(write), pattern(own));
    }

    /** A user with these rights. */
    public User user(String name, String password) {
        return new User(name, password, configure, write, read);
    }

    private static String pattern(Collection<String> names) {
        return names.stream()
                .sorted()
                .map(name -> name.replaceAll("[.](?![+])", "[.]"))
                .collect(Collectors.joining("|", "^(", ")$"));
    }
}

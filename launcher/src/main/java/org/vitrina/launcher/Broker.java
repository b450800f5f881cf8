package org.vitrina.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vitrina.launcher.spec.BrokerRights;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.servers.QpidProgram;
import org.vitrina.servers.RabbitProgram;
import org.vitrina.servers.RabbitProgram.User;

/**
 * The broker of the local run: RabbitMQ where Debian's package is installed, else the embedded one of platform/servers, each
 * a plain process with its messages in a folder that outlives the run. {@value #CHOICE} ({@code rabbitmq}, {@code embedded})
 * decides otherwise.
 */
final class Broker {
    /** Below an instance's directory. */
    static final String FOLDER = "broker";

    private static final String GUEST = "guest";
    private static final String CHOICE = "VITRINA_LOCAL_BROKER";

    private final Path folder;
    private final Address address;
    private final @Nullable List<String> embedded;

    private Broker(Path folder, Address address, @Nullable List<String> embedded) {
        this.folder = folder;
        this.address = address;
        this.embedded = embedded;
    }

    static Broker choose(Path project, Path folder, Address address) throws IOException {
        boolean isInstalled = RabbitProgram.isInstalled();
        String choice = Optional.ofNullable(System.getenv(CHOICE)).orElse("").toLowerCase(Locale.ROOT);
        boolean rabbit =
                switch (choice) {
                    case "rabbitmq" -> true;
                    case "embedded" -> false;
                    case "" -> isInstalled;
                    default -> throw new StartException(CHOICE + " is rabbitmq or embedded, not '" + choice + "'.");
                };
        if (rabbit && !isInstalled) {
            throw new StartException(CHOICE + "=rabbitmq, but there is no " + RabbitProgram.SCRIPT
                    + ": install Debian's rabbitmq-server, or leave the choice to us.");
        }
        // their files differ, and a message must not be looked for in the other one's
        Path own = folder.resolve(rabbit ? "rabbitmq" : "embedded");
        Files.createDirectories(own);
        return new Broker(own, address, rabbit ? null : embedded(project, address, own));
    }

    private static List<String> embedded(Path project, Address address, Path folder) {
        try {
            return QpidProgram.command(project, address.port(), folder);
        } catch (IOException e) {
            throw new StartException(
                    "The embedded broker is not built (" + e.getMessage() + "): run './vitrina build'.");
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
        return process(RabbitProgram.portMapperCommand(port), Map.of(), log);
    }

    /**
     * @param portMapper of Erlang, not used by the embedded one
     * @param distribution the port that Erlang wants to be managed on; likewise
     * @param services those that have a user
     */
    ProcessSpec spec(int portMapper, int distribution, List<ServiceSpec> services, Path log) throws IOException {
        if (embedded != null) {
            return process(embedded, Map.of(), log);
        }
        RabbitProgram.prepare(folder, users(services));
        // the same name on every port, since the folder of the data has it
        Map<String, String> environment = RabbitProgram.environment(
                folder, "vitrina", new RabbitProgram.Ports(address.port(), distribution, portMapper));
        return process(List.of(RabbitProgram.SCRIPT.toString()), environment, log);
    }

    /** A user for each service, with rights of its own; guest for everybody else of this machine. */
    private List<User> users(List<ServiceSpec> services) {
        List<User> users = new ArrayList<>(List.of(BrokerRights.ofGuest().user(GUEST, GUEST)));
        services.stream()
                .filter(ServiceSpec::hasBroker)
                .forEach(service -> users.add(BrokerRights.of(service).user(service.name(), password())));
        return users;
    }

    /** As whom a service logs in, in its environment; the embedded broker knows guest only, and no rights. */
    Map<String, String> logIn(ServiceSpec service) {
        return isRabbit()
                ? Map.of("VITRINA_BROKER_USERNAME", service.name(), "VITRINA_BROKER_PASSWORD", password())
                : Map.of();
    }

    private String password() {
        return Postgres.passwordIn(folder);
    }

    private ProcessSpec process(List<String> command, Map<String, String> environment, Path log) {
        return new ProcessSpec(command, environment, folder, log, "TERM", "KILL", ProcessSpec.Identity.SAME);
    }
}

package org.vitrina.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.vitrina.launcher.spec.Server;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.servers.FreePort;

/** Where the parts of a stack listen, chosen before anything starts, and what each caller is told of it. */
final class Ports {
    private static final String HOST = "127.0.0.1";
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int HIGHEST = 65_535;
    /** From a replica's ports to the next one's. */
    private static final int REPLICA_OFFSET = 100;

    private final StackBuilder plan;
    private final Map<String, Address> addresses = new HashMap<>();

    private Ports(StackBuilder plan) {
        this.plan = plan;
    }

    /** @throws StartException where a fixed port is taken: whoever holds it is named */
    static Ports choose(StackBuilder plan) {
        Ports ports = new Ports(plan);
        Map<String, Integer> wanted = new LinkedHashMap<>();
        for (Server server : Server.values()) {
            if (plan.has(server)) {
                wanted.put(server.partName(), server.port());
            }
        }
        for (ServiceSpec service : plan.wantedServices()) {
            int above = 0;
            for (String part : plan.partsOf(service)) {
                wanted.put(part, service.httpPort() + above);
                wanted.put(managementOf(part), service.managementPort() + above);
                above += REPLICA_OFFSET;
            }
        }
        if (plan.hasFreePorts()) {
            wanted.replaceAll((name, usual) -> FreePort.find());
        } else {
            wanted.replaceAll((name, port) -> port + plan.portOffset());
            ports.moveBroker(wanted);
            refuseTaken(wanted);
        }
        wanted.forEach((name, port) -> ports.addresses.put(name, new Address(HOST, port)));
        return ports;
    }

    /** Where the part itself listens. */
    Address of(String name) {
        return Objects.requireNonNull(addresses.get(name), name);
    }

    /** Where a service serves health and metrics. */
    Address managementAddressOf(String service) {
        return of(managementOf(service));
    }

    /** The callee's address as the caller is told it; a callee that does not run here is expected on its usual port. */
    Address seenBy(String caller, String callee) {
        Address real = addresses.computeIfAbsent(
                callee,
                absent -> new Address(HOST, plan.portOffset() + plan.services().usualPort(absent)));
        return plan.detourBetween(caller, callee).apply(real);
    }

    /** A port that nobody holds now. */
    static Address free() {
        return new Address(HOST, FreePort.find());
    }

    private static String managementOf(String service) {
        return service + " management";
    }

    /** A machine with RabbitMQ has one running as often as not, on the port that everybody's clients expect. */
    private void moveBroker(Map<String, Integer> wanted) {
        Integer usual = wanted.get(Server.BROKER.partName());
        if (usual == null || usual > HIGHEST || isFree(usual)) {
            return;
        }
        int port = usual + 1;
        while (port < HIGHEST && (wanted.containsValue(port) || !isFree(port))) {
            port++;
        }
        wanted.put(Server.BROKER.partName(), port);
        plan.progress()
                .line(
                        Server.BROKER.partName(),
                        "port " + usual + " is taken by " + holderOf(usual) + ": ours listens on " + port);
    }

    private static void refuseTaken(Map<String, Integer> wanted) {
        List<String> sentences = new ArrayList<>();
        wanted.forEach((name, port) -> {
            if (port > HIGHEST) {
                throw new StartException(
                        "Port " + port + " (" + name + ") does not exist: choose a smaller --port-offset.");
            }
            if (!isFree(port)) {
                sentences.add("Port " + port + " (" + name + ") is taken by " + holderOf(port) + ".");
            }
        });
        if (!sentences.isEmpty()) {
            throw new StartException(
                    String.join("\n", sentences) + "\nEnd that, or start Vitrina on other ports with --port-offset N.");
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(LOOPBACK, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static String holderOf(int port) {
        return Procfs.listenerOn(port).map(Procfs.Holder::sentence).orElse("somebody");
    }
}

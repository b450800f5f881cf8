package org.vitrina.launcher.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The services of a source tree: each folder of {@code services/} with a {@code service.yaml}.
 *
 * @param all those that are called first, else by port; who calls others comes after them
 */
public record Services(List<ServiceSpec> all) {
    public Services {
        all = List.copyOf(all);
    }

    /**
     * Reads the descriptions below a source tree.
     *
     * @throws SpecException when one of them is wrong, or when they do not fit together
     */
    public static Services of(Path project) {
        List<ServiceSpec> read = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Path folder : folders(project)) {
            String label = "services/" + folder.getFileName() + "/" + ServiceFile.NAME;
            try {
                ServiceSpec spec = ServiceFile.read(folder.resolve(ServiceFile.NAME), label);
                if (!folder.endsWith(spec.name())) {
                    problems.add(label + ": 'name' is '" + spec.name() + "'; give the folder's name.");
                }
                read.add(spec);
            } catch (SpecException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (problems.isEmpty()) {
            problems.addAll(conflicts(read));
        }
        if (!problems.isEmpty()) {
            throw new SpecException(problems);
        }
        return new Services(inOrder(read));
    }

    private static List<Path> folders(Path project) {
        Path services = project.resolve("services");
        if (!Files.isDirectory(services)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(services)) {
            return folders.filter(folder -> Files.exists(folder.resolve(ServiceFile.NAME)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> conflicts(List<ServiceSpec> services) {
        List<String> problems = new ArrayList<>();
        Map<Integer, String> ports = new HashMap<>();
        for (Server server : Server.values()) {
            ports.put(server.port(), server.partName());
        }
        Set<String> names = new LinkedHashSet<>();
        services.forEach(service -> names.add(service.name()));
        String front = "";
        for (ServiceSpec service : services) {
            String label = "services/" + service.name() + "/" + ServiceFile.NAME;
            for (int port : List.of(service.httpPort(), service.managementPort())) {
                String other = ports.put(port, service.name());
                if (other != null) {
                    problems.add(label + ": port " + port + " is that of " + other + " too; choose another 'port'.");
                }
            }
            for (String callee : service.calls()) {
                if (!names.contains(callee)) {
                    problems.add(label + ": it calls '" + callee + "', which there is not; there are "
                            + String.join(", ", names) + ".");
                }
            }
            if (service.isFront()) {
                if (!front.isEmpty()) {
                    problems.add(label + ": " + front + " is the front already; only one service may have that role.");
                }
                front = service.name();
            }
        }
        return problems;
    }

    private static List<ServiceSpec> inOrder(List<ServiceSpec> read) {
        Map<String, ServiceSpec> byName = new HashMap<>();
        read.forEach(service -> byName.put(service.name(), service));
        Set<ServiceSpec> ordered = new LinkedHashSet<>();
        read.stream()
                .sorted(Comparator.comparingInt(ServiceSpec::httpPort))
                .forEach(service -> addAfterCallees(service, byName, ordered, new LinkedHashSet<>()));
        return List.copyOf(ordered);
    }

    private static void addAfterCallees(
            ServiceSpec service, Map<String, ServiceSpec> byName, Set<ServiceSpec> ordered, Set<String> above) {
        if (!above.add(service.name())) {
            throw new SpecException(List.of("services/" + service.name() + "/" + ServiceFile.NAME
                    + ": it calls itself by way of " + String.join(", ", above) + "; take one of these 'calls' out."));
        }
        for (String callee : service.calls()) {
            ServiceSpec called = byName.get(callee);
            if (called != null && !ordered.contains(called)) {
                addAfterCallees(called, byName, ordered, above);
            }
        }
        above.remove(service.name());
        ordered.add(service);
    }

    /** The services by port, for whoever reads a list. */
    public List<ServiceSpec> byPort() {
        return all.stream()
                .sorted(Comparator.comparingInt(ServiceSpec::httpPort))
                .toList();
    }

    /** The one of that name, if there is one. */
    public Optional<ServiceSpec> named(String name) {
        return all.stream().filter(spec -> spec.name().equals(name)).findFirst();
    }

    /** The one that people open, if there is one. */
    public Optional<ServiceSpec> front() {
        return all.stream().filter(ServiceSpec::isFront).findFirst();
    }

    /** Every name that {@code --only} understands. */
    public List<String> partNames() {
        List<String> names = new ArrayList<>();
        for (Server server : Server.values()) {
            names.add(server.partName());
        }
        all.forEach(spec -> names.add(spec.name()));
        return names;
    }

    /** What runs where nobody says what: all but the optional services. */
    public List<String> usualPartNames() {
        return partNames().stream()
                .filter(name -> named(name).filter(ServiceSpec::optional).isEmpty())
                .toList();
    }

    /** The usual port of a service or a server. */
    public int usualPort(String partName) {
        return named(partName)
                .map(ServiceSpec::httpPort)
                .or(() -> Server.named(partName).map(Server::port))
                .orElseThrow(() -> new IllegalArgumentException("no part '" + partName + "'"));
    }
}

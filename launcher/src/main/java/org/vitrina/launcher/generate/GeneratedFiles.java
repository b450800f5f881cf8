package org.vitrina.launcher.generate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;

/** Every list of services outside {@code services/} that no program can work out by itself, as it has to be. */
public final class GeneratedFiles {
    /** What writes them. */
    public static final String COMMAND = "./vitrina generate";

    private static final String TABLE_HEAD =
            """
            | service | HTTP | health, metrics | data |
            |---|---|---|---|
            """;

    private final Path project;
    private final List<Place> places;

    private GeneratedFiles(Path project, List<Place> places) {
        this.project = project;
        this.places = places;
    }

    public static GeneratedFiles of(Path project, Services services) {
        List<ServiceSpec> listed = Stream.concat(
                        services.front().stream(), services.byPort().stream().filter(service -> !service.isFront()))
                .toList();
        Compose compose = new Compose(services);
        String composeFile = "docker-compose.yaml";
        return new GeneratedFiles(
                project,
                List.of(
                        Place.lines(
                                "pom.xml",
                                "services",
                                each(inOrderOf(project.resolve("pom.xml"), listed), MavenLists::module)),
                        Place.lines("charts/pom.xml", "services", each(listed, MavenLists::builtBefore)),
                        Place.lines(composeFile, "services", each(listed, compose::service)),
                        Place.lines(composeFile, "migrations", each(withDatabase(listed), compose::migration)),
                        Place.lines(
                                composeFile,
                                "roles' passwords",
                                each(withDatabase(listed), one -> Compose.passwords(one, Compose.DATABASE))),
                        Place.lines(
                                composeFile,
                                "users' passwords",
                                each(withBroker(listed), one -> Compose.passwords(one, Compose.BROKER))),
                        Place.lines(composeFile, "users", BrokerUsers.ofCompose(withBroker(listed))),
                        Place.lines(".env.example", "passwords", each(listed, Compose::unset)),
                        Place.lines(
                                "charts/vitrina/values.yaml", "users", each(withBroker(listed), BrokerUsers::ofChart)),
                        Place.within(
                                composeFile,
                                "for role in ",
                                "; do\n",
                                withDatabase(listed).stream()
                                        .map(ServiceSpec::name)
                                        .collect(Collectors.joining(" "))),
                        Place.lines("README.md", "services", TABLE_HEAD + each(listed, GeneratedFiles::row))));
    }

    /** The content that each file has to have, by its path in the project. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Place place : places) {
            texts.put(place.file(), place.putInto(texts.getOrDefault(place.file(), read(place.file()))));
        }
        return texts;
    }

    /** Writes what is out of date; answers the files that were. */
    public List<String> write() {
        List<String> stale = stale();
        Map<String, String> texts = texts();
        for (String file : stale) {
            try {
                Files.writeString(project.resolve(file), texts.getOrDefault(file, ""));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return stale;
    }

    /** The files that are out of date. */
    public List<String> stale() {
        return texts().entrySet().stream()
                .filter(file -> !read(file.getKey()).equals(file.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private String read(String file) {
        return read(project.resolve(file));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Maven begins with what comes first, so the order is chosen by hand; whoever is new comes last. */
    private static List<ServiceSpec> inOrderOf(Path pom, List<ServiceSpec> services) {
        List<String> lines = read(pom).lines().map(line -> line + "\n").toList();
        return services.stream()
                .sorted(Comparator.comparingInt(service -> {
                    int at = lines.indexOf(MavenLists.module(service));
                    return at < 0 ? lines.size() : at;
                }))
                .toList();
    }

    private static List<ServiceSpec> withDatabase(List<ServiceSpec> services) {
        return services.stream().filter(ServiceSpec::hasDatabase).toList();
    }

    private static List<ServiceSpec> withBroker(List<ServiceSpec> services) {
        return services.stream().filter(ServiceSpec::hasBroker).toList();
    }

    private static String each(List<ServiceSpec> services, Function<ServiceSpec, String> text) {
        return services.stream().map(text).collect(Collectors.joining());
    }

    private static String row(ServiceSpec service) {
        return "| %s | [%d](http://localhost:%d%s) | %d | %s |\n"
                .formatted(
                        service.name(),
                        service.httpPort(),
                        service.httpPort(),
                        service.lookAt(),
                        service.managementPort(),
                        service.about());
    }
}

package org.vitrina.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The chart, rendered with values: immutable, each {@code with} is another one. */
record Chart(Path folder, String release, List<Path> files, List<String> settings) {
    /** The version whose types {@link KubernetesSchema} knows. */
    private static final String KUBERNETES = "1.34.0";

    static final Path ROOT = Path.of("..");
    static final Path FOLDER = Path.of("vitrina");
    static final YAMLMapper YAML = new YAMLMapper();
    /** What each service says of itself, {@code services/<name>/service.yaml}, by its name. */
    static final Map<String, JsonNode> DESCRIPTIONS = descriptions();
    /** What the chart installs unless it is told otherwise. */
    static final List<String> SERVICES = DESCRIPTIONS.entrySet().stream()
            .filter(service -> !service.getValue().path("optional").asBoolean())
            .map(Map.Entry::getKey)
            .toList();
    /** Those with a database. */
    static final List<String> DATABASES = SERVICES.stream()
            .filter(service ->
                    Manifests.texts(description(service).path("uses")).contains("postgres"))
            .toList();
    /** Marks what only {@code helm test} makes. */
    static final String HOOK = "vitrina/hook";

    private static final Path RENDERED = copyWithTestsAsManifests();
    /** By chart, of those whose text depends on nothing else: many tests look at the same ones, and helm takes its time. */
    private static final Map<Chart, String> TEXTS = new ConcurrentHashMap<>();

    private static Map<String, JsonNode> descriptions() {
        Map<String, JsonNode> found = new TreeMap<>();
        try (Stream<Path> folders = Files.list(ROOT.resolve("services"))) {
            for (Path folder : folders.sorted().toList()) {
                if (Files.exists(folder.resolve("service.yaml"))) {
                    found.put(folder.getFileName().toString(), read(folder.resolve("service.yaml")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** What a service says of itself. */
    static JsonNode description(String service) {
        return Objects.requireNonNull(DESCRIPTIONS.get(service), service);
    }

    static Chart ofVitrina() {
        return new Chart(RENDERED, "vitrina", List.of(), List.of());
    }

    /** As {@code helm upgrade --reuse-values} does from a chart with these values: in the place of the chart's own. */
    static Chart ofVitrinaWithValues(Path values) throws IOException {
        Path copy = Files.createTempDirectory(Cluster.FOLDER, "reused");
        copy(RENDERED, copy);
        Files.copy(values, copy.resolve("values.yaml"), StandardCopyOption.REPLACE_EXISTING);
        return ofVitrina().in(copy);
    }

    /** The combinations that are supported: {@code ci/*-values.yaml}. */
    static Stream<Path> combinations() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("ci"))) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Chart of(Path combination) {
        return ofVitrina().with(combination);
    }

    static Chart ofCombination(String name) {
        return of(FOLDER.resolve("ci").resolve(name + "-values.yaml"));
    }

    Chart named(String other) {
        return new Chart(folder, other, files, settings);
    }

    Chart in(Path otherFolder) {
        return new Chart(otherFolder, release, files, settings);
    }

    Chart with(Path values) {
        return new Chart(folder, release, plus(files, values), settings);
    }

    /** {@code key=value} as for {@code helm --set}. */
    Chart with(String... added) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(Arrays.asList(added));
        return new Chart(folder, release, files, List.copyOf(all));
    }

    /** All documents, those of {@code helm test} too; rendered anew each time, with passwords of their own. */
    String text() {
        Cluster.start();
        var command = new Helm(folder)
                .template()
                .withName(release)
                .withNamespace(Cluster.NAMESPACE)
                .withKubeVersion(KUBERNETES);
        files.forEach(command::withValuesFile);
        settings(command::set);
        return command.call();
    }

    /** What the user is told after an install. */
    String notes() {
        var command = new Helm(folder)
                .install()
                .clientOnly()
                .dryRun()
                .withDryRunOption(DryRun.CLIENT)
                .withName(release)
                .withNamespace(Cluster.NAMESPACE)
                .withKubeVersion(KUBERNETES);
        files.forEach(command::withValuesFile);
        settings(command::set);
        String output = command.call().getOutput();
        return output.substring(output.indexOf("NOTES:"));
    }

    private void settings(BiConsumer<String, Object> set) {
        settings.forEach(setting -> {
            int equals = setting.indexOf('=');
            set.accept(setting.substring(0, equals), setting.substring(equals + 1));
        });
    }

    /** helm-java renders no hooks: here they are manifests like others, marked by another annotation. */
    private static Path copyWithTestsAsManifests() {
        try {
            Path copy = Cluster.FOLDER.resolve("chart");
            if (Files.exists(copy)) {
                try (Stream<Path> files = Files.walk(copy)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            copy(FOLDER, copy);
            try (Stream<Path> tests = Files.list(copy.resolve("templates/tests"))) {
                for (Path test : tests.toList()) {
                    Files.writeString(test, Files.readString(test).replace("helm.sh/hook: test", HOOK + ": test"));
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    /** The objects among them, which a test may change. */
    Manifests manifests() {
        boolean alwaysSame = folder.equals(RENDERED) && Cluster.isEmpty();
        return Manifests.parse(alwaysSame ? TEXTS.computeIfAbsent(this, Chart::text) : text());
    }

    /** The chart's own values with this one's files over them. */
    JsonNode values() {
        ObjectNode values = (ObjectNode) read(folder.resolve("values.yaml"));
        files.forEach(file -> merge(values, read(file)));
        return values;
    }

    static JsonNode read(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void merge(ObjectNode under, JsonNode over) {
        over.properties().forEach(entry -> {
            JsonNode there = under.get(entry.getKey());
            if (there instanceof ObjectNode map && entry.getValue().isObject()) {
                merge(map, entry.getValue());
            } else {
                under.set(entry.getKey(), entry.getValue());
            }
        });
    }

    private static List<Path> plus(List<Path> list, Path one) {
        List<Path> all = new ArrayList<>(list);
        all.add(one);
        return List.copyOf(all);
    }

    @Override
    public String toString() {
        return files + " " + settings;
    }
}

package org.vitrina.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is written from other files is as it would be written now; with {@code -Dvitrina.write} it is written. */
class GeneratedFilesTest {
    private static final boolean WRITE = Boolean.getBoolean("vitrina.write");
    private static final Path SERVICES = Chart.ROOT.resolve("services");

    @Test
    void namesTheChangeLogsThatTheServicesHave() throws IOException, NoSuchAlgorithmException {
        StringBuilder hashes = new StringBuilder(
                "# Hash of each service's change log with that of platform's tables in it, so that a new change set makes a new Job."
                        + " Written by charts/generate.\n");
        for (Map.Entry<String, Path> service : changeLogs().entrySet()) {
            hashes.append(service.getKey())
                    .append(": ")
                    .append(hash(service.getValue()))
                    .append('\n');
        }
        isCurrent(Chart.FOLDER.resolve("files/changelogs.yaml"), hashes.toString());
    }

    /** Templates cannot read the values that the chart comes with, and need them where an older chart's are reused. */
    @Test
    void carriesItsOwnValuesToItsTemplates() throws IOException {
        String values = Files.readString(Chart.FOLDER.resolve("values.yaml"));
        isCurrent(Chart.FOLDER.resolve("files/values.yaml"), values);
    }

    @Test
    void describesEveryValueInTheReadme() throws IOException {
        isCurrent(Chart.FOLDER.resolve("README.md"), ValuesTable.readme(Chart.FOLDER));
    }

    @Test
    void holdsTheRenderedManifests() throws IOException {
        String rendered =
                Chart.ofVitrina().with(Chart.ROOT.resolve("k8s/values.yaml")).text();
        // helm's tests are run by helm only
        List<String> documents = Arrays.stream(rendered.split("(?m)^---\n", -1))
                .filter(document -> !document.isBlank() && !document.contains(Chart.HOOK))
                .toList();
        assertThat(documents).hasSizeGreaterThan(25);
        isCurrent(
                Chart.ROOT.resolve("k8s/vitrina.yaml"),
                "# The chart, rendered with values.yaml beside this file. Written by charts/generate: change the chart instead.\n---\n"
                        + String.join("---\n", documents));
    }

    @Test
    void drawsTheDashboards() throws IOException {
        Map<String, String> drawn = Dashboards.drawn();
        for (Map.Entry<String, String> dashboard : drawn.entrySet()) {
            isCurrent(Dashboards.FOLDER.resolve(dashboard.getKey() + ".json"), dashboard.getValue());
        }
        try (Stream<Path> files = Files.list(Dashboards.FOLDER)) {
            assertThat(files).hasSameSizeAs(drawn.keySet());
        }
    }

    private static void isCurrent(Path file, String text) throws IOException {
        if (WRITE) {
            Files.writeString(file, text);
        }
        assertThat(Files.readString(file))
                .as("%s is out of date: run charts/generate", file)
                .isEqualTo(text);
    }

    private static Map<String, Path> changeLogs() throws IOException {
        Map<String, Path> found = new TreeMap<>();
        try (Stream<Path> services = Files.list(SERVICES)) {
            services.forEach(service -> {
                Path changeLog = service.resolve("src/main/resources/db/changelog");
                if (Files.isDirectory(changeLog)) {
                    found.put(service.getFileName().toString(), changeLog);
                }
            });
        }
        return found;
    }

    private static String hash(Path changeLog) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (Path file : files(changeLog)) {
            digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            digest.update(Files.readAllBytes(file));
            if (file.toString().endsWith("-platform.txt")) {
                for (String table : Files.readAllLines(file)) {
                    for (Path ofTable : table.startsWith("#") ? List.<Path>of() : files(platforms(table))) {
                        digest.update(Files.readAllBytes(ofTable));
                    }
                }
            }
        }
        return String.format("%064x", new BigInteger(1, digest.digest())).substring(0, 16);
    }

    /** The change sets of a table of platform's. */
    private static Path platforms(String table) throws IOException {
        try (Stream<Path> modules = Files.list(Chart.ROOT.resolve("platform"))) {
            return modules.map(module ->
                            module.resolve("src/main/resources/db/platform").resolve(table))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no module of platform has the table " + table));
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}

package org.vitrina.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each of platform's tables is written by one class and by the table's own change sets; services call these. */
class OneWriterTest {
    private static final Pattern WRITES = Pattern.compile(
            "\\b(?:INSERT\\s+INTO|UPDATE|DELETE\\s+FROM|TRUNCATE|MERGE\\s+INTO|CREATE\\s+TABLE|ALTER\\s+TABLE|DROP\\s+TABLE)\\s+"
                    + "(outbox|handled_event|parked_message|idempotency_record|audit_trail)\\b",
            Pattern.CASE_INSENSITIVE);

    @Test
    void changeSetsOfThePreviousReleaseAreAsTheyWere() throws Exception {
        for (Map.Entry<Path, String> file : Sources.ofPreviousRelease().entrySet()) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file.getKey()));
            assertThat(HexFormat.of().formatHex(hash))
                    .as("%s is applied in installed databases", file.getKey())
                    .isEqualTo(file.getValue());
        }
    }

    @Test
    void onlyPlatformWritesItsTables() throws IOException {
        Map<String, TreeSet<String>> writers = new TreeMap<>();
        for (Path file : sources()) {
            var written = WRITES.matcher(withoutWaysBack(file));
            while (written.find()) {
                writers.computeIfAbsent(written.group(1), table -> new TreeSet<>())
                        .add(Sources.PROJECT.relativize(file).toString());
            }
        }
        String java = "/src/main/java/org/vitrina/";
        String sql = "/src/main/resources/db/platform/";
        assertThat(writers)
                .isEqualTo(Map.of(
                        "outbox",
                        files(
                                "platform/messaging" + java + "messaging/OutboxRepository.java",
                                "platform/messaging" + sql + "outbox/0001-table.sql",
                                "platform/messaging" + sql + "outbox/0002-add.sql"),
                        "handled_event",
                        files(
                                "platform/messaging" + java + "messaging/HandledEvents.java",
                                "platform/messaging" + sql + "handled_event/0001-table.sql"),
                        "parked_message",
                        files(
                                "platform/messaging" + java + "messaging/ParkedRepository.java",
                                "platform/messaging" + sql + "parked_message/0001-table.sql"),
                        "idempotency_record",
                        files(
                                "platform/persistence" + java + "persistence/idempotency/IdempotencyRepository.java",
                                "platform/persistence" + sql + "idempotency_record/0001-table.sql",
                                "platform/persistence" + sql + "idempotency_record/0002-functions.sql"),
                        "audit_trail",
                        files(
                                "platform/persistence" + java + "persistence/trail/AuditTrailRepository.java",
                                "platform/persistence" + sql + "audit_trail/0001-table.sql")));
    }

    private static SortedSet<String> files(String... files) {
        return new TreeSet<>(List.of(files));
    }

    /** What goes into a program, without the change sets that are frozen. */
    private static List<Path> sources() throws IOException {
        Map<Path, String> frozen = Sources.ofPreviousRelease();
        try (Stream<Path> platform = Files.list(Sources.PROJECT.resolve("platform"));
                Stream<Path> services = Files.list(Sources.PROJECT.resolve("services"))) {
            return Stream.concat(platform, services)
                    .map(module -> module.resolve("src/main"))
                    .filter(Files::isDirectory)
                    .flatMap(OneWriterTest::walk)
                    .filter(file ->
                            file.toString().endsWith(".java") || file.toString().endsWith(".sql"))
                    .filter(file -> !frozen.containsKey(file))
                    .toList();
        }
    }

    @SuppressWarnings("StreamResourceLeak") // flatMap closes what it is given
    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutWaysBack(Path file) {
        try {
            return Files.readString(file).replaceAll("(?m)^--.*$", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.vitrina.migrations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The project's own change logs, where they lie. */
final class Sources {
    static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();

    private Sources() {}

    static Path changeLog(String service) {
        return PROJECT.resolve("services").resolve(service).resolve("src/main/resources/db/changelog");
    }

    /** The SQL files of the release before platform had change sets, with their SHA-256. */
    static Map<Path, String> ofPreviousRelease() throws IOException {
        Map<Path, String> files = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("src/test/resources/previous-release.sha256"))) {
            files.put(PROJECT.resolve(line.substring(66)), line.substring(0, 64));
        }
        return files;
    }
}

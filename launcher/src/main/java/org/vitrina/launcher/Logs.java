package org.vitrina.launcher;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The ends of log files. */
final class Logs {
    private static final int LINES = 20;
    private static final int BYTES = 8192;

    private Logs() {}

    /** The server's own last lines, each indented, under a line that names the file; ready to follow a sentence. */
    static String lastWords(Path log) {
        List<String> lines = tail(log);
        if (lines.isEmpty()) {
            return "\n(" + log + " is empty)";
        }
        return "\nIts last lines (" + log + "):\n    " + String.join("\n    ", lines);
    }

    private static List<String> tail(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - BYTES);
            file.seek(from);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
        } catch (IOException absent) {
            return List.of();
        }
    }
}

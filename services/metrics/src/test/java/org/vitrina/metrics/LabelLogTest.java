package org.vitrina.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelLogTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void setsAFileAsideBeforeItGetsTooLargeAndKeepsSome() throws Exception {
        var log = log(folder.resolve("logs/labels_log.txt"));

        for (int i = 1; i <= 5; i++) {
            log.write("y_true", List.of((double) i, i + 0.5));
        }

        assertThat(Files.readString(folder.resolve("logs/labels_log.txt"))).isEqualTo("y_true=5.0\ny_true=5.5\n");
        assertThat(Files.readString(folder.resolve("logs/labels_log.txt.1"))).isEqualTo("y_true=4.0\ny_true=4.5\n");
        assertThat(Files.readString(folder.resolve("logs/labels_log.txt.2"))).isEqualTo("y_true=3.0\ny_true=3.5\n");
        assertThat(folder.resolve("logs/labels_log.txt.3")).doesNotExist();
    }

    @Test
    void aFolderThatCannotBeMadeStopsNothing() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        var log = log(file.resolve("labels_log.txt"));

        log.write("y_true", List.of(1.0));

        assertThat(file).isEmptyFile();
    }

    private static LabelLog log(Path file) {
        return new LabelLog(file, "{queue}={value}", 30, 2);
    }
}

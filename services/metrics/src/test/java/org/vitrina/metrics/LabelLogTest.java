package org.vitrina.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelLogTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void setsAFileAsideBeforeItGetsTooLargeAndKeepsSome() throws Exception {
        var log = new LabelLog(config(folder.resolve("logs/labels_log.txt")));

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
        var log = new LabelLog(config(file.resolve("labels_log.txt")));

        log.write("y_true", List.of(1.0));

        assertThat(file).isEmptyFile();
    }

    private static MetricsConfig config(Path file) {
        return new MetricsConfig() {
            @Override
            public Log log() {
                return new Log() {
                    @Override
                    public Path file() {
                        return file;
                    }

                    @Override
                    public String text() {
                        return "{queue}={value}";
                    }

                    @Override
                    public MemorySize size() {
                        return new MemorySize(BigInteger.valueOf(30));
                    }

                    @Override
                    public int keep() {
                        return 2;
                    }
                };
            }

            @Override
            public Duration partnerLimit() {
                return Duration.ofMinutes(1);
            }

            @Override
            public Duration keep() {
                return Duration.ofDays(1);
            }

            @Override
            public Duration upkeep() {
                return Duration.ofSeconds(1);
            }

            @Override
            public int moving() {
                return 10;
            }
        };
    }
}

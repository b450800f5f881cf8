package org.vitrina.metrics;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of metrics. */
@ConfigMapping(prefix = "vitrina.metrics")
public interface MetricsConfig {
    Log log();

    /** How long a truth waits for its prediction, or the other way round; then it is forgotten and counted. */
    @WithDefault("10m")
    @DurationMin(millis = 100)
    Duration partnerLimit();

    /** How long pairs are kept. */
    @WithDefault("30d")
    @DurationMin(minutes = 1)
    Duration keep();

    /** How often what waited too long, or is too old, is looked for, and the figures are made. */
    @WithDefault("5s")
    @DurationMin(millis = 50)
    Duration upkeep();

    /** Pairs that the moving mean is made of. */
    @WithDefault("100")
    @Min(1)
    @Max(10_000)
    int moving();

    interface Log {
        /** The file with a line for each message. */
        @WithDefault("logs/labels_log.txt")
        Path file();

        /** The line; {@code {queue}} and {@code {value}} are replaced. */
        @WithDefault("Из очереди {queue} получено значение {value}")
        String text();

        /** A file that would become larger is set aside and a new one begun. */
        @WithDefault("10M")
        MemorySize size();

        /** Files that were set aside and are kept, the newest has the ending {@code .1}. */
        @WithDefault("3")
        @Min(1)
        @Max(100)
        int keep();
    }
}

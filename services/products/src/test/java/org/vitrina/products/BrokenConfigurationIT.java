package org.vitrina.products;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PackagedProgram;

/** The packaged program with settings that cannot be: it says each, one a line, and ends before it listens. */
class BrokenConfigurationIT {
    @Test
    void namesEverySettingThatCannotBeReadAndEnds() throws Exception {
        List<String> problems = problemsOf(
                "-Dvitrina.products.list-max-age=soon",
                "-Dvitrina.products.list-stale-if-error=later",
                "-Dvitrina.web.max-deadline=never",
                "-Dquarkus.http.port=none");
        assertThat(problems)
                .anyMatch(line -> line.contains("vitrina.products.list-max-age"))
                .anyMatch(line -> line.contains("vitrina.products.list-stale-if-error"))
                .anyMatch(line -> line.contains("vitrina.web.max-deadline"))
                .anyMatch(line -> line.contains("quarkus.http.port"))
                .hasSize(4);
    }

    @Test
    void namesEverySettingThatIsOutOfRangeAndEnds() throws Exception {
        assertThat(problemsOf("-Dvitrina.products.list-max-age=2h", "-Dvitrina.products.list-stale-if-error=2d"))
                .anyMatch(line -> line.contains("vitrina.products.list-max-age"))
                .anyMatch(line -> line.contains("vitrina.products.list-stale-if-error"))
                .hasSize(2);
    }

    /** The lines after the last headline; the program must have ended by itself, with an error, not listening. */
    private static List<String> problemsOf(String... settings) throws Exception {
        List<String> command = PackagedProgram.command(
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
                Stream.concat(Stream.of("-Dquarkus.http.port=0", "-Dquarkus.management.port=0"), Stream.of(settings))
                        .toList(),
                List.of());
        Path log = Files.createTempFile("vitrina-products", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("ended by itself")
                    .isTrue();
            List<String> lines = Files.readAllLines(log);
            assertThat(process.exitValue()).as("%s", lines).isNotZero();
            assertThat(lines).noneMatch(line -> line.contains("Listening on"));
            return lines.subList(lines.lastIndexOf("Configuration validation failed:") + 1, lines.size());
        } finally {
            process.destroyForcibly();
            Files.delete(log);
        }
    }
}

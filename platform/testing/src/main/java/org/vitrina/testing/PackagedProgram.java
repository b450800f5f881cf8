package org.vitrina.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the last build made of the service whose tests run: a jar, or an executable where the tests of the native run are. */
public final class PackagedProgram {
    private static final Path FOLDER = Path.of("target");

    private PackagedProgram() {}

    /**
     * The command that starts it.
     *
     * @param jvmOptions for the JVM only
     * @param settings {@code -Dkey=value}, which both kinds read
     * @param arguments of the program itself
     */
    public static List<String> command(List<String> jvmOptions, List<String> settings, List<String> arguments) {
        List<String> command = new ArrayList<>();
        try {
            if (isNative()) {
                command.add(System.getProperty("native.image.path"));
                command.addAll(settings);
            } else {
                command.add(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
                command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
                command.addAll(jvmOptions);
                command.addAll(settings);
                command.addAll(List.of("-jar", jar().toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the service is not packaged", e);
        }
        command.addAll(arguments);
        return command;
    }

    /** What the last build made: Quarkus notes it for its own integration tests. */
    private static boolean isNative() throws IOException {
        return Files.readAllLines(FOLDER.resolve("quarkus-artifact.properties")).contains("type=native");
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}

package org.vitrina.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.vitrina.launcher.spec.ServiceSpec;

/** A service's packaged program and the command that runs it on this JDK. */
final class ServiceProgram {
    private final Path target;
    private final Path options;
    private final ServiceSpec service;

    ServiceProgram(Path project, ServiceSpec service) {
        this.target = project.resolve("services").resolve(service.name()).resolve("target");
        this.options = project.resolve("native-build");
        this.service = service;
    }

    /** Where it is started. */
    Path folder() {
        return target;
    }

    /** The jar that starts the service: legacy-jar's runner. */
    Path jar() {
        try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.of()) {
            return files.filter(file -> file.getFileName().toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow(() -> new StartException(service.name() + " is not built (no runner jar in " + target
                            + "): run './vitrina build'."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is compiled, and when: as in an image of the service. */
    private List<String> compilation() {
        List<String> flags = new ArrayList<>();
        for (String file : service.isFront() ? List.of("jvm.options", "jvm-front.options") : List.of("jvm.options")) {
            try (Stream<String> lines = Files.lines(options.resolve(file))) {
                lines.filter(line -> line.startsWith("-XX:Tier") || line.startsWith("-XX:CompileThreshold"))
                        .forEach(flags::add);
            } catch (IOException e) {
                throw new StartException(
                        "What is compiled, and when, stands in " + options.resolve(file) + ", which cannot be read ("
                                + e + "): bring the file back (git checkout).",
                        e);
            }
        }
        return flags;
    }

    /** Flags that the AOT cache depends on: training and use must have the very same. */
    List<String> fixedFlags() {
        List<String> flags = new ArrayList<>(compilation());
        flags.addAll(List.of(
                "-XX:+UseSerialGC",
                "-Xms24m",
                service.calls().isEmpty() ? "-Xmx96m" : "-Xmx160m",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED"));
        if (Runtime.version().feature() >= 24) {
            flags.add("--sun-misc-unsafe-memory-access=allow"); // Netty's, else a warning at each start
        }
        return flags;
    }

    private List<String> command(List<String> furtherOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(fixedFlags());
        command.addAll(furtherOptions);
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-jar");
        command.add(jar().getFileName().toString());
        return command;
    }

    /** @param furtherOptions of the JVM, after the fixed ones */
    ProcessSpec processSpec(Map<String, String> environment, List<String> furtherOptions, Path log) {
        return new ProcessSpec(
                command(furtherOptions), environment, target, log, "TERM", "KILL", ProcessSpec.Identity.SAME);
    }
}

package org.vitrina.reachability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files of the JDK's own modules, whoever may read them. */
final class Jdk {
    private static final Path MODULES =
            FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");

    private Jdk() {}

    static boolean has(String file) {
        try (Stream<Path> modules = Files.list(MODULES)) {
            return modules.anyMatch(module -> Files.exists(module.resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

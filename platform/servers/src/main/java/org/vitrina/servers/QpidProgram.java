package org.vitrina.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The packaged broker of platform/servers in this source tree. */
final class QpidProgram {
    private static final String TARGET = "platform/servers/target";

    private QpidProgram() {}

    static Path jar() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Optional<Path> jar = jarIn(folder.resolve(TARGET));
            if (jar.isPresent()) {
                return jar.get();
            }
        }
        throw new IllegalStateException(
                "platform/servers is not built: mvn -q -Dquick -DskipTests package -pl platform/servers");
    }

    private static Optional<Path> jarIn(Path target) {
        if (!Files.isDirectory(target.resolve("lib"))) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches("vitrina-servers-.*\\.jar"))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

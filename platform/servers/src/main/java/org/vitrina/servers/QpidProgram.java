package org.vitrina.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.vitrina.servers.broker.BrokerProgram;

/** The embedded broker, packaged by platform/servers in this source tree, as a process on this JDK. */
public final class QpidProgram {
    private static final String TARGET = "platform/servers/target";

    private QpidProgram() {}

    /**
     * Its command line, for 127.0.0.1.
     *
     * @param inside the source tree, or a folder in it
     * @param data where queues and messages are kept
     * @throws IOException if it is not built
     */
    public static List<String> command(Path inside, int port, Path data) throws IOException {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                classPath(inside),
                BrokerProgram.class.getName(),
                "--port",
                Integer.toString(port),
                "--data",
                data.toString());
    }

    private static String classPath(Path inside) throws IOException {
        for (Path folder = inside.toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path target = folder.resolve(TARGET);
            if (Files.isDirectory(target.resolve("lib"))) {
                try (Stream<Path> files = Files.list(target)) {
                    var jar = files.filter(file -> file.getFileName().toString().matches("vitrina-servers-.*\\.jar"))
                            .findFirst();
                    if (jar.isPresent()) {
                        return jar.get() + ":" + target.resolve("lib") + "/*";
                    }
                }
            }
        }
        throw new IOException("there is no jar in " + TARGET);
    }
}

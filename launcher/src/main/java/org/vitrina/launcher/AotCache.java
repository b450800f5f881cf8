package org.vitrina.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The file that lets a service's JVM start with classes already loaded and linked (JEP 483, 514). The JVM ignores a cache
 * whose jar, flags or folder differ, and starts slowly and says nothing; so all of them are part of the file's name here.
 */
final class AotCache {
    private static final int SINCE = 25;

    private final ServiceProgram program;

    private AotCache(ServiceProgram program) {
        this.program = program;
    }

    static AotCache of(ServiceProgram program) {
        return new AotCache(program);
    }

    static boolean isSupported() {
        return Runtime.version().feature() >= SINCE;
    }

    boolean exists() {
        return isSupported() && Files.isReadable(file());
    }

    /** The JVM options that use the cache; none where there is no cache for this very build. */
    List<String> options() {
        return exists() ? List.of("-XX:AOTCache=" + file()) : List.of();
    }

    /** Fails where the JVM would fall back in silence: it is asked to start with this cache or not at all. */
    void verify() throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(program.fixedFlags());
        command.addAll(List.of("-XX:AOTMode=on", "-XX:AOTCache=" + file()));
        command.addAll(List.of("-cp", program.jar().getFileName().toString(), "-version"));
        Process process = new ProcessBuilder(command)
                .directory(program.folder().toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new StartException("The JVM refuses the AOT cache " + file() + ":\n" + output);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    Path file() {
        Path jar = program.jar();
        try {
            String identity = Runtime.version() + "|" + System.getProperty("java.home") + "|" + program.fixedFlags()
                    + "|" + jar + "|" + Files.size(jar) + "|" + Files.getLastModifiedTime(jar);
            CRC32 checksum = new CRC32();
            checksum.update(identity.getBytes(StandardCharsets.UTF_8));
            return jar.resolveSibling("vitrina-%08x.aot".formatted(checksum.getValue()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

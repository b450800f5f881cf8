package org.vitrina.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashPointTest {
    private static final int SIGKILLED = 128 + 9;

    @TempDir
    Path folder;

    private @Nullable Process process;

    /** Passes two points and ends with 7. */
    static final class Program {
        public static void main(String[] arguments) {
            CrashPoint.reached("test.first");
            CrashPoint.reached("test.second");
            Runtime.getRuntime().halt(7);
        }
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void killsTheProcessOnceAtTheArmedPoint() throws Exception {
        arm("test.second", "kill");

        assertThat(run(folder)).isEqualTo(SIGKILLED);
        assertThat(folder.resolve("test.second.taken")).exists();
        assertThat(run(folder)).isEqualTo(7);
    }

    @Test
    void freezesTheProcessUntilItIsContinued() throws Exception {
        arm("test.first", "stop");
        Process process = start(folder);

        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        while (Files.readAllLines(status).stream().noneMatch(line -> line.startsWith("State:\tT"))) {
            Thread.onSpinWait();
        }
        new ProcessBuilder("kill", "-CONT", Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(process.waitFor()).isEqualTo(7);
    }

    @Test
    void isNothingWithoutAFolder() throws Exception {
        arm("test.first", "kill");

        assertThat(run(null)).isEqualTo(7);
    }

    private void arm(String name, String what) throws IOException {
        Files.writeString(folder.resolve(name), what);
    }

    private int run(@Nullable Path points) throws Exception {
        Process process = start(points);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private Process start(@Nullable Path points) throws IOException {
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Program.class.getName());
        java.environment().remove(CrashPoint.FOLDER);
        if (points != null) {
            java.environment().put(CrashPoint.FOLDER, points.toString());
        }
        Process started = java.inheritIO().start();
        process = started;
        return started;
    }
}

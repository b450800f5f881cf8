package org.vitrina.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * A named instant at which a test may kill or freeze this process, to prove that what it leaves behind is put right.
 *
 * <p>Off unless the environment variable {@value #FOLDER} names a folder; then a file there with the point's name arms it
 * once: {@code stop} in it freezes the process (SIGSTOP), anything else kills it (SIGKILL, so that no handler of its own
 * softens the end). The taken file is renamed to {@code <name>.taken}, which tells the test that it happened.
 */
public final class CrashPoint {
    /** The folder of armed points; never set in a real install. */
    public static final String FOLDER = "VITRINA_CRASH_POINTS";

    private static final @Nullable Path ARMED = folder(System.getenv(FOLDER));

    private CrashPoint() {}

    /**
     * The process is here.
     *
     * @param name {@code <service>.<point>}, such as {@code orders.after-debit}
     */
    public static void reached(String name) {
        if (ARMED != null) {
            take(ARMED, name);
        }
    }

    private static @Nullable Path folder(@Nullable String name) {
        return name == null || name.isBlank() ? null : Path.of(name);
    }

    private static void take(Path folder, String name) {
        Path taken = folder.resolve(name + ".taken");
        String signal;
        try {
            // the rename is atomic: of several threads, and of several replicas, one takes the point
            Files.move(folder.resolve(name), taken, StandardCopyOption.ATOMIC_MOVE);
            signal = Files.readString(taken).strip().equals("stop") ? "-STOP" : "-KILL";
        } catch (IOException notArmed) {
            return;
        }
        try {
            new ProcessBuilder(
                            "kill",
                            signal,
                            Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("crash point " + name + ": no kill command", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

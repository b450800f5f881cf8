package org.vitrina.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A small shell process that waits on a pipe whose other end only the launcher holds. However the launcher ends, the pipe
 * closes, and the guard ends every process that the state file names. A guard that is killed is replaced.
 */
final class LauncherGuard implements AutoCloseable {
    private final Path script;
    private final Path state;
    private final Runnable onReplacement;
    private volatile Process process;
    private volatile boolean closing;

    /** @param onReplacement called when another process has taken the guard's place */
    LauncherGuard(Path directory, Path state, Runnable onReplacement) {
        this.onReplacement = onReplacement;
        this.script = directory.resolve("guard.sh");
        this.state = state;
        try (InputStream source = LauncherGuard.class.getResourceAsStream("guard.sh")) {
            Files.copy(java.util.Objects.requireNonNull(source), script, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.process = launch();
    }

    long pid() {
        return process.pid();
    }

    private Process launch() {
        try {
            Process started = Spawner.spawnGuard(List.of(
                    "sh",
                    script.toString(),
                    state.toString(),
                    Long.toString(ProcessHandle.current().pid())));
            var unused = started.onExit().thenAccept(ended -> {
                if (!closing) {
                    process = launch();
                    onReplacement.run();
                }
            });
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the pipe; the state file must be gone or empty by now, else the guard ends what it names. */
    @Override
    public void close() {
        closing = true;
        try {
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException alreadyGone) {
            // a guard that was killed has no pipe to close
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

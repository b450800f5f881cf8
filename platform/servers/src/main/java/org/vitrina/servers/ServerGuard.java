package org.vitrina.servers;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Ends a server and removes its folder when this JVM is gone, however it went: shutdown hooks do not run when it is
 * killed or halted, as Surefire does with a fork whose Maven died.
 *
 * <p>A shell that waits at the end of a pipe; the JVM's death closes the pipe.
 */
final class ServerGuard {
    private static final String SCRIPT =
            """
            trap '' INT TERM HUP
            read -r word && exit 0
            kill -QUIT "$1"; kill -CONT "$1"
            sleep 1
            kill -9 "$1"
            rm -rf "$2"
            """;

    private final Process shell;

    private ServerGuard(Process shell) {
        this.shell = shell;
    }

    static ServerGuard of(long pid, Path folder) throws IOException {
        return new ServerGuard(new ProcessBuilder("sh", "-c", SCRIPT, "guard", Long.toString(pid), folder.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** The server has ended or will be ended by us. */
    void dismiss() {
        shell.destroyForcibly();
    }
}

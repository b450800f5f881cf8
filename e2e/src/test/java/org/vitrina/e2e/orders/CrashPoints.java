package org.vitrina.e2e.orders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The folder in which points are armed, one file each; see {@code org.vitrina.core.CrashPoint}. */
final class CrashPoints {
    /** What happens to the process at the point. */
    enum Effect {
        KILL,
        STOP
    }

    private final Path folder;

    CrashPoints(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** From now on the first process that reaches the point is affected so. */
    void arm(String point, Effect effect) {
        try {
            Files.deleteIfExists(taken(point));
            Path draft = folder.resolve(point + ".draft");
            Files.writeString(draft, effect == Effect.STOP ? "stop" : "kill");
            // whole at once, so that nobody reads half of it
            Files.move(draft, folder.resolve(point), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isTaken(String point) {
        return Files.exists(taken(point));
    }

    void disarm(String point) {
        try {
            Files.deleteIfExists(folder.resolve(point));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path taken(String point) {
        return folder.resolve(point + ".taken");
    }
}

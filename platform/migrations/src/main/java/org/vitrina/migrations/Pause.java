package org.vitrina.migrations;

import java.time.Duration;
import org.vitrina.migrations.MigrationException.Kind;

/** Waits between two looks at something that another process changes. */
final class Pause {
    private Pause() {}

    static void of(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MigrationException(Kind.BUSY, "The run was interrupted while it waited: start it again.", e);
        }
    }
}

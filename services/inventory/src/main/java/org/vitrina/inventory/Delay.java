package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** Lets time pass without holding a thread. */
interface Delay {
    /** Completes after {@code length}; a cancelled pause leaves no timer behind. */
    Uni<Void> pause(Duration length);
}

package org.vitrina.cache;

/** The monotonic time by which loads are judged, and its timers. */
interface LoadClock {
    /** As {@link System#nanoTime}. */
    long nanoTime();

    /**
     * Runs {@code step} once, so many milliseconds from now, on any event loop.
     *
     * @return takes it back; does nothing once it has run
     */
    Runnable after(long millis, Runnable step);
}

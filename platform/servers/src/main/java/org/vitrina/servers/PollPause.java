package org.vitrina.servers;

/** Waits between two looks at whether a server has started. */
final class PollPause {
    private PollPause() {}

    static void brief() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a server started", e);
        }
    }
}

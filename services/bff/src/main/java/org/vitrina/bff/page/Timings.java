package org.vitrina.bff.page;

/** The {@code Server-Timing} header: each dependency, its milliseconds and outcome. Confined to one event loop. */
final class Timings {
    private final StringBuilder header = new StringBuilder(160);
    private final long start = System.nanoTime();

    /** @param outcome {@code ok} or the reason why not */
    void done(String dependency, long sinceNanos, String outcome) {
        long tenths = (System.nanoTime() - sinceNanos) / 100_000;
        if (!header.isEmpty()) {
            header.append(", ");
        }
        header.append(dependency)
                .append(";dur=")
                .append(tenths / 10)
                .append('.')
                .append(tenths % 10)
                .append(";desc=")
                .append(outcome);
    }

    /** When this answer's work began, in {@link System#nanoTime}. */
    long start() {
        return start;
    }

    @Override
    public String toString() {
        return header.toString();
    }
}

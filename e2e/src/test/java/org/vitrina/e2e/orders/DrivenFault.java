package org.vitrina.e2e.orders;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in ObservabilityIT, and what operators see of it.
 *
 * @param name by which panels (dashboards.yaml) and the page of the proof know it
 * @param what in words
 * @param undone how, in words
 * @param begin puts it in
 * @param end takes it out; null where it is over by itself as soon as it was
 * @param lead how long what comes next in its wave waits for it to have an effect
 * @param alerts that fire while it lasts, by name and what tells them apart
 * @param late those that fire when what waited for its end is done too late
 */
record DrivenFault(
        String name,
        String what,
        String undone,
        Action begin,
        @Nullable Action end,
        Duration lead,
        List<String> alerts,
        List<String> late) {
    /** A part of the test's. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    DrivenFault(String name, String what, Action begin, String undone, @Nullable Action end) {
        this(name, what, undone, begin, end, Duration.ZERO, List.of(), List.of());
    }

    DrivenFault firing(String... these) {
        return new DrivenFault(name, what, undone, begin, end, lead, List.of(these), late);
    }

    DrivenFault firingLate(String... these) {
        return new DrivenFault(name, what, undone, begin, end, lead, alerts, List.of(these));
    }

    DrivenFault leading(Duration time) {
        return new DrivenFault(name, what, undone, begin, end, time, alerts, late);
    }
}

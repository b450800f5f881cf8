package org.vitrina.sms;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The faults that are switched on. */
@ApplicationScoped
class FaultSwitch {
    private volatile Set set = new Set(Faults.NONE);

    private record Set(Faults faults, AtomicInteger left) {
        Set(Faults faults) {
            this(faults, new AtomicInteger(faults.times() == null ? Integer.MAX_VALUE : faults.times()));
        }
    }

    FaultSwitch() {}

    void set(Faults faults) {
        set = new Set(faults);
    }

    Faults now() {
        return set.faults();
    }

    /** What happens with a message to this number; null: nothing bad. */
    Faults.@Nullable Mode forMessage(String to) {
        return taken(set, to);
    }

    /** What happens with a question; null: nothing bad. */
    Faults.@Nullable Mode forQuestion() {
        Set all = set;
        return Boolean.TRUE.equals(all.faults().queries()) ? taken(all, null) : null;
    }

    private static Faults.@Nullable Mode taken(Set all, @Nullable String to) {
        Faults faults = all.faults();
        if (faults.mode() == null || (to != null && faults.to() != null && !to.startsWith(faults.to()))) {
            return null;
        }
        return all.left().getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? faults.mode() : null;
    }
}

package org.vitrina.bff.experiments;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All experiments, and how they came to be as they are.
 *
 * @param revision grows with each change
 * @param history the last changes, newest first
 */
@RegisterForReflection // in Redis, read and written by hand
record Policy(long revision, List<Experiment> experiments, List<ExperimentChange> history) {
    static final Policy NONE = new Policy(0, List.of(), List.of());

    private static final int MOST_CHANGES = 100;

    Policy {
        experiments = List.copyOf(experiments);
        history = List.copyOf(history);
    }

    @Nullable
    Experiment named(String name) {
        return experiments.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The one that decides for a service at that time; null for none. */
    @Nullable
    Experiment running(String service, Instant now) {
        for (Experiment each : experiments) {
            if (each.service().equals(service) && each.isRunning(now)) {
                return each;
            }
        }
        return null;
    }

    /** The same with another experiment of this name, or none; this one itself where that changes nothing. */
    Policy with(String name, @Nullable Experiment to, String by, @Nullable String why, Instant now) {
        Experiment from = named(name);
        if (Objects.equals(from, to)) {
            return this;
        }
        List<Experiment> all = new ArrayList<>(experiments);
        all.removeIf(each -> each.name().equals(name));
        if (to != null) {
            all.add(to);
        }
        List<ExperimentChange> changes = new ArrayList<>(List.of(new ExperimentChange(now, by, name, from, to, why)));
        changes.addAll(history);
        return new Policy(
                revision + 1, all, changes.size() > MOST_CHANGES ? changes.subList(0, MOST_CHANGES) : changes);
    }
}

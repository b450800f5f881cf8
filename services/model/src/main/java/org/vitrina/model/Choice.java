package org.vitrina.model;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which versions are used, as {@code serving.json} says it: one file, so that a choice and its record are there together.
 *
 * @param serving versions with their weights
 * @param previous what a rollback brings back; may be empty
 * @param history how it came to that, oldest first, the last ones
 */
@RegisterForReflection // a file, read by hand
record Choice(List<Share> serving, List<Share> previous, List<ChangeOfChoice> history) {
    private static final int LONGEST_HISTORY = 200;

    Choice {
        serving = List.copyOf(serving);
        previous = previous == null ? List.of() : List.copyOf(previous);
        history = history == null ? List.of() : List.copyOf(history);
    }

    static Choice first(Share share) {
        return new Choice(List.of(share), List.of(), List.of());
    }

    /** Other versions from now on. */
    Choice changed(List<Share> to, ChangeOfChoice.Cause cause, String by, Instant at) {
        List<ChangeOfChoice> changes = changes();
        changes.add(new ChangeOfChoice(at, by, cause, to));
        List<ChangeOfChoice> kept = changes.subList(Math.max(0, changes.size() - LONGEST_HISTORY), changes.size());
        return new Choice(to, before(kept), kept);
    }

    /** With what is in use without a record: by an earlier release, or by a file that was written by hand. */
    private List<ChangeOfChoice> changes() {
        List<ChangeOfChoice> changes = new ArrayList<>(history);
        if (changes.isEmpty() && !previous.isEmpty()) {
            changes.add(ChangeOfChoice.found(previous));
        }
        if (changes.isEmpty() || !changes.getLast().serving().equals(serving)) {
            changes.add(ChangeOfChoice.found(serving));
        }
        return changes;
    }

    /** What the newest choice that was not rolled back replaced; empty where nothing is known of it. */
    private static List<Share> before(List<ChangeOfChoice> changes) {
        List<List<Share>> standing = new ArrayList<>();
        for (ChangeOfChoice change : changes) {
            if (change.cause() == ChangeOfChoice.Cause.ROLLBACK && standing.size() > 1) {
                standing.removeLast();
            } else {
                standing.add(change.serving());
            }
        }
        return standing.size() > 1 ? standing.get(standing.size() - 2) : List.of();
    }
}

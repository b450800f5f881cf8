package org.vitrina.migrations;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import liquibase.changelog.RanChangeSet;
import org.vitrina.migrations.ChangeLog.Script;
import org.vitrina.migrations.ChangeSetStatus.State;

/**
 * Compares a change log with what a database says was applied, and refuses what must not be. The service's own change sets and
 * those of each of platform's tables are a history line each: order counts within a line.
 */
final class Plan {
    /**
     * The label by which a change set promises that the release before it still works on the schema that it leaves: a
     * release that does not know it leaves it alone instead of refusing.
     */
    static final String COMPATIBLE = "compatible";

    private final List<Script> scripts;
    private final List<RanChangeSet> applied;
    private final Map<String, RanChangeSet> appliedByKey = new HashMap<>();
    private final Map<String, Script> scriptByKey = new LinkedHashMap<>();

    /** @param applied in the order in which they were applied */
    Plan(List<Script> scripts, List<RanChangeSet> applied) {
        this.scripts = scripts;
        this.applied = applied;
        applied.forEach(ran -> appliedByKey.put(key(ran.getChangeLog(), ran.getId()), ran));
        scripts.forEach(script -> scriptByKey.put(key(script.file(), script.id()), script));
    }

    private static String key(String file, String id) {
        return file + "::" + id;
    }

    /** Those to apply now, in order; refused where log and database contradict each other. */
    List<Script> pending() {
        refuseEdited();
        refuseUnknown();
        refuseLate();
        return scripts.stream()
                .filter(script -> script.wanted() && !isApplied(script))
                .toList();
    }

    /** Ids of applied change sets that only a newer release knows, and that are compatible with this one. */
    List<String> leftAlone() {
        return applied.stream().filter(this::isNewer).map(RanChangeSet::getId).toList();
    }

    /**
     * The newest {@code count} applied of the service's own, newest first. What was applied to platform's tables after one of
     * them may stand on it, and is taken back before it, uncounted.
     */
    List<Script> newest(int count) {
        List<RanChangeSet> own =
                applied.stream().filter(ran -> lineOf(ran).isEmpty()).toList();
        if (count > own.size()) {
            throw MigrationException.refused("Only " + own.size() + " change sets are applied, so " + count
                    + " cannot be taken back: ask for fewer.");
        }
        refuseEdited();
        var newest = new LinkedHashSet<Script>();
        for (RanChangeSet ran : own.subList(own.size() - count, own.size()).reversed()) {
            Script script = known(ran);
            for (RanChangeSet other : applied.reversed()) {
                if (!lineOf(other).isEmpty() && endOfLine(other) > scripts.indexOf(script)) {
                    newest.add(known(other));
                }
            }
            newest.add(script);
        }
        return List.copyOf(newest);
    }

    private Script known(RanChangeSet ran) {
        Script script = scriptByKey.get(key(ran.getChangeLog(), ran.getId()));
        if (script == null) {
            throw MigrationException.refused("Change set '" + ran.getId() + "' (" + ran.getChangeLog()
                    + ") is applied but not in this change log, so how to undo it is not known here: "
                    + "use the release that brought it.");
        }
        return script;
    }

    /** All change sets, known ones in order of the change log, then unknown ones in order of application. */
    List<ChangeSetStatus> status() {
        List<ChangeSetStatus> all = new ArrayList<>();
        for (Script script : scripts) {
            all.add(new ChangeSetStatus(script.id(), script.file(), stateOf(script)));
        }
        for (RanChangeSet ran : applied) {
            if (!scriptByKey.containsKey(key(ran.getChangeLog(), ran.getId()))) {
                boolean tolerated = isNewer(ran) && isCompatible(ran);
                all.add(new ChangeSetStatus(
                        ran.getId(), ran.getChangeLog(), tolerated ? State.NEWER_COMPATIBLE : State.UNKNOWN));
            }
        }
        return all;
    }

    private State stateOf(Script script) {
        RanChangeSet ran = appliedByKey.get(key(script.file(), script.id()));
        if (ran != null) {
            return isEdited(script, ran) ? State.EDITED : State.APPLIED;
        }
        if (!script.wanted()) {
            return State.CONTEXT_OFF;
        }
        return isLate(script) ? State.LATE : State.PENDING;
    }

    private void refuseEdited() {
        for (Script script : scripts) {
            RanChangeSet ran = appliedByKey.get(key(script.file(), script.id()));
            if (ran != null && isEdited(script, ran)) {
                throw MigrationException.refused("Change set '" + script.id() + "' (" + script.file()
                        + ") was edited after it had been applied here on " + ran.getDateExecuted()
                        + ", so this database and a new one would differ: restore the file, and put the change into a"
                        + " new change set.");
            }
        }
    }

    private void refuseUnknown() {
        for (RanChangeSet ran : applied) {
            if (scriptByKey.containsKey(key(ran.getChangeLog(), ran.getId()))) {
                continue;
            }
            String which = "Change set '" + ran.getId() + "' (" + ran.getChangeLog() + ") is applied here, but ";
            if (!isNewer(ran)) {
                throw MigrationException.refused(which + "this change log, which reaches further, lacks it: restore the"
                        + " file, or check that --changelog and --url belong together.");
            }
            if (!isCompatible(ran)) {
                throw MigrationException.refused(which
                        + "only a newer release knows it and it is not marked compatible (labels:" + COMPATIBLE
                        + "), so this release may not work with it: install the newer release, or take it back with"
                        + " that release's 'down'.");
            }
        }
    }

    private void refuseLate() {
        for (Script script : scripts) {
            if (script.wanted() && !isApplied(script) && isLate(script)) {
                String context = script.changeSet().getContextFilter().isEmpty()
                        ? ""
                        : " (or leave its context " + script.changeSet().getContextFilter() + " off)";
                throw MigrationException.refused("Change set '" + script.id() + "' (" + script.file()
                        + ") is not applied, but one ordered after it is, so databases would differ in the order of"
                        + " their changes: rename it so that it comes last" + context + ".");
            }
        }
    }

    /** Whether something of its own history line that is ordered after it is applied; asked of what is not. */
    private boolean isLate(Script script) {
        return applied.stream().filter(ran -> lineOf(ran).equals(script.line())).anyMatch(ran -> {
            Script other = scriptByKey.get(key(ran.getChangeLog(), ran.getId()));
            return other == null ? isNewer(ran) : scripts.indexOf(other) > scripts.indexOf(script);
        });
    }

    private boolean isApplied(Script script) {
        return appliedByKey.containsKey(key(script.file(), script.id()));
    }

    private static boolean isEdited(Script script, RanChangeSet ran) {
        return ran.getLastCheckSum() != null && !script.changeSet().isCheckSumValid(ran.getLastCheckSum());
    }

    /** Unknown here and ordered after everything of its line that is known. */
    private boolean isNewer(RanChangeSet ran) {
        int end = endOfLine(ran);
        return end == scripts.size()
                || ran.getChangeLog().compareTo(scripts.get(end).file()) > 0;
    }

    /** Where the newest known one of the same line stands; at the end of all where none is known. */
    private int endOfLine(RanChangeSet ran) {
        for (int i = scripts.size() - 1; i >= 0; i--) {
            if (scripts.get(i).line().equals(lineOf(ran))) {
                return i;
            }
        }
        return scripts.size();
    }

    private static String lineOf(RanChangeSet ran) {
        return ChangeLog.lineOf(ran.getChangeLog());
    }

    private static boolean isCompatible(RanChangeSet ran) {
        return ran.getLabels() != null && ran.getLabels().getLabels().contains(COMPATIBLE);
    }
}

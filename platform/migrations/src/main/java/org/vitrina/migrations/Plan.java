package org.vitrina.migrations;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import liquibase.changelog.RanChangeSet;
import org.vitrina.migrations.ChangeLog.Script;
import org.vitrina.migrations.ChangeSetStatus.State;

/** Compares a change log with what a database says was applied, and refuses what must not be. */
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

    /** The newest {@code count} applied, newest first. */
    List<Script> newest(int count) {
        if (count > applied.size()) {
            throw MigrationException.refused("Only " + applied.size() + " change sets are applied, so " + count
                    + " cannot be taken back: ask for fewer.");
        }
        refuseEdited();
        List<Script> newest = new ArrayList<>();
        for (RanChangeSet ran :
                applied.subList(applied.size() - count, applied.size()).reversed()) {
            Script script = scriptByKey.get(key(ran.getChangeLog(), ran.getId()));
            if (script == null) {
                throw MigrationException.refused("Change set '" + ran.getId() + "' (" + ran.getChangeLog()
                        + ") is applied but not in this change log, so how to undo it is not known here: "
                        + "use the release that brought it.");
            }
            newest.add(script);
        }
        return newest;
    }

    /** All change sets, known ones in order of the change log, then unknown ones in order of application. */
    List<ChangeSetStatus> status() {
        List<ChangeSetStatus> all = new ArrayList<>();
        int newestApplied = newestAppliedPosition();
        for (int i = 0; i < scripts.size(); i++) {
            Script script = scripts.get(i);
            all.add(new ChangeSetStatus(script.id(), script.file(), stateOf(script, i < newestApplied)));
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

    private State stateOf(Script script, boolean beforeNewestApplied) {
        RanChangeSet ran = appliedByKey.get(key(script.file(), script.id()));
        if (ran != null) {
            return isEdited(script, ran) ? State.EDITED : State.APPLIED;
        }
        if (!script.wanted()) {
            return State.CONTEXT_OFF;
        }
        return beforeNewestApplied ? State.LATE : State.PENDING;
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
        int newestApplied = newestAppliedPosition();
        for (int i = 0; i < newestApplied; i++) {
            Script script = scripts.get(i);
            if (script.wanted() && !isApplied(script)) {
                String context = script.changeSet().getContextFilter().isEmpty()
                        ? ""
                        : " (or leave its context " + script.changeSet().getContextFilter() + " off)";
                throw MigrationException.refused("Change set '" + script.id() + "' (" + script.file()
                        + ") is not applied, but one ordered after it is, so databases would differ in the order of"
                        + " their changes: rename it so that it comes last" + context + ".");
            }
        }
    }

    /** Position of the newest applied script; beyond the last one where the database is ahead of this change log. */
    private int newestAppliedPosition() {
        if (applied.stream().anyMatch(this::isNewer)) {
            return scripts.size();
        }
        int newest = -1;
        for (int i = 0; i < scripts.size(); i++) {
            if (isApplied(scripts.get(i))) {
                newest = i;
            }
        }
        return newest;
    }

    private boolean isApplied(Script script) {
        return appliedByKey.containsKey(key(script.file(), script.id()));
    }

    private static boolean isEdited(Script script, RanChangeSet ran) {
        return ran.getLastCheckSum() != null && !script.changeSet().isCheckSumValid(ran.getLastCheckSum());
    }

    /** Unknown here and ordered after everything that is known. */
    private boolean isNewer(RanChangeSet ran) {
        return ran.getChangeLog().compareTo(scripts.getLast().file()) > 0;
    }

    private static boolean isCompatible(RanChangeSet ran) {
        return ran.getLabels() != null && ran.getLabels().getLabels().contains(COMPATIBLE);
    }
}

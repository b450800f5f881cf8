package org.vitrina.migrations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import liquibase.Contexts;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.exception.ChangeLogParseException;
import liquibase.parser.core.formattedsql.FormattedSqlChangeLogParser;
import liquibase.resource.DirectoryResourceAccessor;
import org.vitrina.migrations.MigrationException.Kind;

/**
 * The change sets of a directory's SQL files, and of platform's tables where it lists them: files in order of name, change sets
 * in order of appearance.
 */
final class ChangeLog {
    private static final Pattern FILE_NAME = Pattern.compile("[0-9]{4}-[a-z0-9][a-z0-9_-]*\\.sql");
    private static final Pattern HEADER =
            Pattern.compile("^\\s*--\\s*liquibase formatted sql", Pattern.CASE_INSENSITIVE);

    /**
     * One change set.
     *
     * @param file the path that the database keeps: a service's own is the bare file name
     * @param wanted false where its context is turned off
     */
    record Script(DatabaseChangeLog log, ChangeSet changeSet, String file, boolean wanted) {
        String id() {
            return changeSet.getId();
        }

        String line() {
            return lineOf(file);
        }
    }

    private final Set<String> contexts;
    private final Database database;
    private final List<Script> scripts = new ArrayList<>();
    private final Map<String, String> fileOfId = new HashMap<>();

    private ChangeLog(Set<String> contexts, Database database) {
        this.contexts = contexts;
        this.database = database;
    }

    /** The history line of a change set: the service's own (empty), or that of one of platform's tables. */
    static String lineOf(String file) {
        return file.substring(0, file.lastIndexOf('/') + 1);
    }

    static List<Script> read(Path directory, Set<String> contexts, Database database) {
        var all = new ChangeLog(contexts, database);
        try (PlatformTables platform = PlatformTables.open()) {
            for (Path file : files(directory)) {
                if (PlatformTables.isList(file)) {
                    for (Path table : platform.listedIn(file)) {
                        for (Path ofTable : files(table)) {
                            all.add(ofTable, platform.root());
                        }
                    }
                } else {
                    all.add(file, directory);
                }
            }
        } catch (MigrationException e) {
            throw e;
        } catch (IOException | ChangeLogParseException e) {
            throw new MigrationException(
                    Kind.USAGE,
                    "The change log directory " + directory + " cannot be read (" + Connector.oneLine(e)
                            + "): correct --changelog or the file.",
                    e);
        }
        return List.copyOf(all.scripts);
    }

    /** @param root where the stored path begins, so that it is the same wherever the files lie */
    private void add(Path file, Path root) throws IOException, ChangeLogParseException {
        checkHead(file);
        String name = root.relativize(file).toString();
        DatabaseChangeLog log = new FormattedSqlChangeLogParser()
                .parse(name, new ChangeLogParameters(database), new DirectoryResourceAccessor(root));
        if (log.getChangeSets().isEmpty()) {
            throw MigrationException.usage(file + " holds no change set: begin one with '--changeset vitrina:"
                    + name.replace(".sql", "") + "'.");
        }
        for (ChangeSet changeSet : log.getChangeSets()) {
            String other = fileOfId.put(changeSet.getId(), name);
            if (other != null) {
                throw MigrationException.usage("Change set '" + changeSet.getId() + "' is in " + other
                        + " and again in " + name + ": give each an id of its own.");
            }
            checkForm(changeSet, file);
            scripts.add(new Script(log, changeSet, name, wanted(changeSet, contexts)));
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw MigrationException.usage(
                    "There is no change log directory " + directory.toAbsolutePath() + ": correct --changelog.");
        }
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.filter(entry -> entry.toString().endsWith(".sql") || PlatformTables.isList(entry))
                    .sorted((a, b) ->
                            a.getFileName().toString().compareTo(b.getFileName().toString()))
                    .toList();
        }
        if (files.isEmpty()) {
            throw MigrationException.usage("The change log directory " + directory.toAbsolutePath()
                    + " holds no .sql file: correct --changelog.");
        }
        return files;
    }

    private static void checkHead(Path file) throws IOException {
        if (!FILE_NAME.matcher(file.getFileName().toString()).matches()) {
            throw MigrationException.usage(
                    file + " is not named like 0001-what-it-does.sql, but names give the order: rename it.");
        }
        try (Stream<String> lines = Files.lines(file)) {
            if (!HEADER.matcher(lines.findFirst().orElse("")).find()) {
                throw MigrationException.usage(
                        file + " does not begin with '--liquibase formatted sql': add that line.");
            }
        }
    }

    /** What this program promises rests on: every change set once, wholly, with a way back. */
    private static void checkForm(ChangeSet changeSet, Path file) {
        String which = "Change set '" + changeSet.getId() + "' in " + file;
        if (changeSet.isAlwaysRun() || changeSet.isRunOnChange()) {
            throw MigrationException.usage(
                    which + " has runAlways or runOnChange, but change sets run once: write a new one instead.");
        }
        if (changeSet.getRollback().getChanges().isEmpty()) {
            throw MigrationException.usage(
                    which
                            + " has no way back: add a '--rollback' line ('--rollback not required' where nothing is to undo).");
        }
    }

    /** Liquibase takes "no contexts" for "all of them"; here a change set with a context needs it turned on. */
    private static boolean wanted(ChangeSet changeSet, Set<String> contexts) {
        var expression = changeSet.getContextFilter();
        if (expression == null || expression.isEmpty()) {
            return true;
        }
        return expression.matches(contexts.isEmpty() ? new Contexts("none-of-them") : new Contexts(contexts));
    }
}

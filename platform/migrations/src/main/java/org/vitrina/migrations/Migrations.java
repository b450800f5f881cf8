package org.vitrina.migrations;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import liquibase.Scope;
import liquibase.changelog.ChangeLogHistoryService;
import liquibase.changelog.ChangeLogHistoryServiceFactory;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.RanChangeSet;
import liquibase.database.core.PostgresDatabase;
import liquibase.exception.LiquibaseException;
import liquibase.logging.core.NoOpLogService;
import liquibase.ui.LoggerUIService;
import org.vitrina.migrations.ChangeLog.Script;
import org.vitrina.migrations.MigrationException.Kind;

/**
 * Brings one database forward to a change log, back by some steps, or tells how it stands.
 *
 * <p>Every failure is a {@link MigrationException} whose message says what to do. Immutable: {@code with…} answer
 * changed copies.
 */
public final class Migrations {
    /** The context of demo data, on unless said otherwise. */
    public static final String DEMO = "demo";

    private static final Duration LOCK_PATIENCE = Duration.ofMinutes(5);

    /** Liquibase keeps singletons and a current scope a JVM; the runs of one process take turns, a run is short. */
    private static final ReentrantLock LIQUIBASE = new ReentrantLock();

    private final DatabaseAddress address;
    private final Path changeLog;
    private final Set<String> contexts;
    private final Duration databaseTimeout;
    private final Duration lockTimeout;
    private final Consumer<String> progress;

    private Migrations(
            DatabaseAddress address,
            Path changeLog,
            Set<String> contexts,
            Duration databaseTimeout,
            Duration lockTimeout,
            Consumer<String> progress) {
        this.address = address;
        this.changeLog = changeLog;
        this.contexts = Set.copyOf(contexts);
        this.databaseTimeout = databaseTimeout;
        this.lockTimeout = lockTimeout;
        this.progress = progress;
    }

    /** With demo data, not waiting for the database, waiting five minutes for another run, silent. */
    public static Migrations of(DatabaseAddress address, Path changeLogDirectory) {
        return new Migrations(address, changeLogDirectory, Set.of(DEMO), Duration.ZERO, LOCK_PATIENCE, line -> {});
    }

    /** @param contexts those turned on; change sets without a context always run */
    public Migrations withContexts(Set<String> contexts) {
        return new Migrations(address, changeLog, contexts, databaseTimeout, lockTimeout, progress);
    }

    /** Waits so long for a database that does not answer yet. */
    public Migrations withDatabaseTimeout(Duration timeout) {
        return new Migrations(address, changeLog, contexts, timeout, lockTimeout, progress);
    }

    /** Waits so long while another run works. */
    public Migrations withLockTimeout(Duration timeout) {
        return new Migrations(address, changeLog, contexts, databaseTimeout, timeout, progress);
    }

    /** Hands each line of progress to {@code progress}. */
    public Migrations withProgress(Consumer<String> progress) {
        return new Migrations(address, changeLog, contexts, databaseTimeout, lockTimeout, progress);
    }

    /**
     * What a run did.
     *
     * @param changeSets ids of the service's own that were applied, or taken back, in that order
     * @param leftAlone ids of compatible change sets of a newer release
     * @param platform as {@code changeSets}, those of platform's tables
     */
    public record Outcome(List<String> changeSets, List<String> leftAlone, List<String> platform) {
        /** Where platform's tables were left as they are. */
        public Outcome(List<String> changeSets, List<String> leftAlone) {
            this(changeSets, leftAlone, List.of());
        }

        /** How many change sets it was, the service's own and platform's. */
        int size() {
            return changeSets.size() + platform.size();
        }

        static Outcome of(List<Script> done, List<String> leftAlone) {
            Map<Boolean, List<String>> own = done.stream()
                    .collect(Collectors.partitioningBy(
                            script -> script.line().isEmpty(), Collectors.mapping(Script::id, Collectors.toList())));
            return new Outcome(List.copyOf(own.get(true)), leftAlone, List.copyOf(own.get(false)));
        }
    }

    /** Applies what is pending, after it has built anew what an earlier run left of an index that it was building. */
    public Outcome up() {
        return locked(session -> {
            session.history().init();
            Plan plan = session.plan();
            List<Script> pending = plan.pending();
            new InvalidIndexes(session.connection().getUnderlyingConnection()).mend(progress);
            for (Script script : pending) {
                progress.accept("applying " + script.id());
                session.apply(script);
            }
            return Outcome.of(pending, plan.leftAlone());
        });
    }

    /**
     * Takes the newest {@code count} of the service's own change sets back, newest first. Platform's, which are not counted, go
     * back only with one that stands before the line that lists their table.
     */
    public Outcome down(int count) {
        if (count < 1) {
            throw MigrationException.usage("'down' needs a number of change sets, at least 1, but got " + count + ".");
        }
        return locked(session -> {
            session.history().init();
            List<Script> newest = session.plan().newest(count);
            for (Script script : newest) {
                progress.accept("taking back " + script.id());
                session.takeBack(script);
            }
            return Outcome.of(newest, List.of());
        });
    }

    /** How each change set stands; changes nothing and waits for no other run. */
    public List<ChangeSetStatus> status() {
        return connected(
                connection -> inLiquibase(connection, session -> session.plan().status()));
    }

    private <T> T locked(Work<T> work) {
        return connected(connection -> {
            new RunLock(connection).acquire(lockTimeout, progress);
            return inLiquibase(connection, work);
        });
    }

    private <T> T connected(ConnectedWork<T> work) {
        try (Connection connection = new Connector(address, databaseTimeout, progress).open()) {
            return work.on(connection);
        } catch (MigrationException e) {
            throw e;
        } catch (Exception e) {
            throw new MigrationException(
                    Kind.NO_DATABASE,
                    "The work on the database at " + address.shown() + " broke off (" + Connector.oneLine(e)
                            + "): every change set is whole or not there at all, so start again.",
                    e);
        }
    }

    private <T> T inLiquibase(Connection connection, Work<T> work) throws Exception {
        Map<String, Object> quietly = Map.of(
                Scope.Attr.logService.name(),
                new NoOpLogService(),
                Scope.Attr.ui.name(),
                new LoggerUIService(),
                "liquibase.analytics.enabled",
                "false");
        LIQUIBASE.lock();
        try {
            return Scope.child(quietly, () -> {
                var held = new HeldConnection(connection);
                var database = new PostgresDatabase();
                database.setConnection(held);
                var histories = Scope.getCurrentScope().getSingleton(ChangeLogHistoryServiceFactory.class);
                ChangeLogHistoryService history = histories.getChangeLogService(database);
                try {
                    List<Script> scripts = ChangeLog.read(changeLog, contexts, database);
                    return work.in(new Session(database, held, history, scripts));
                } finally {
                    histories.resetDatabase(database);
                }
            });
        } finally {
            LIQUIBASE.unlock();
        }
    }

    /** One connection with what was read over it. */
    private record Session(
            PostgresDatabase database,
            HeldConnection connection,
            ChangeLogHistoryService history,
            List<Script> scripts) {

        Plan plan() throws LiquibaseException, SQLException {
            return new Plan(scripts, applied());
        }

        private List<RanChangeSet> applied() throws LiquibaseException, SQLException {
            if (!historyExists()) {
                return List.of();
            }
            return history.getRanChangeSets().stream()
                    .sorted(Comparator.comparing(RanChangeSet::getOrderExecuted))
                    .toList();
        }

        private boolean historyExists() throws SQLException {
            Connection jdbc = connection.getUnderlyingConnection();
            try (var statement = jdbc.prepareStatement("SELECT to_regclass('databasechangelog') IS NOT NULL");
                    var row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }

        void apply(Script script) throws LiquibaseException {
            ChangeSet changeSet = script.changeSet();
            recorded(script, "failed", () -> {
                ChangeSet.ExecType result = changeSet.execute(script.log(), database);
                history.setExecType(changeSet, result);
            });
        }

        void takeBack(Script script) throws LiquibaseException {
            recorded(script, "could not be taken back", () -> {
                script.changeSet().rollback(database);
                history.removeFromHistory(script.changeSet());
            });
        }

        /** A change set outside a transaction (an index built concurrently) cannot be one with its line. */
        private void recorded(Script script, String whatFailed, Step step) throws LiquibaseException {
            if (script.changeSet().isRunInTransaction()) {
                connection.hold();
            }
            try {
                step.run();
                connection.commitHeld();
            } catch (LiquibaseException e) {
                connection.rollbackHeld();
                throw new MigrationException(
                        Kind.CHANGE_SET_FAILED,
                        "Change set '" + script.id() + "' (" + script.file() + ") " + whatFailed + " ("
                                + Connector.oneLine(root(e))
                                + "); it was undone and those before it stay: correct it and start again.",
                        e);
            }
        }

        private static Throwable root(Throwable failure) {
            Throwable root = failure;
            for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
                root = cause;
            }
            return root;
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T in(Session session) throws LiquibaseException, SQLException;
    }

    @FunctionalInterface
    private interface ConnectedWork<T> {
        T on(Connection connection) throws Exception;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws LiquibaseException;
    }
}

package org.vitrina.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.migrations.ChangeSetStatus.State;
import org.vitrina.migrations.MigrationException.Kind;

/** Every rule of ADR 0002 on a real PostgreSQL. */
class MigrationsTest extends MigrationsSuite {
    @Test
    void appliesAllFilesInOrderOfName() throws Exception {
        script("0002-second", "INSERT INTO first VALUES (2)", "DELETE FROM first");
        script("0001-first", "CREATE TABLE first (id int)", "DROP TABLE first");

        assertThat(migrations().up().changeSets()).containsExactly("0001-first", "0002-second");
        assertThat(query("SELECT id FROM first")).containsExactly("2");
    }

    @Test
    void appliesOnlyWhatIsPending() throws Exception {
        table("0001-a");
        migrations().up();
        table("0002-b");

        assertThat(migrations().up().changeSets()).containsExactly("0002-b");
        assertThat(migrations().up().changeSets()).isEmpty();
    }

    @Test
    void takesTheNewestBackAndForwardAgain() throws Exception {
        table("0001-a");
        table("0002-b");
        table("0003-c");
        migrations().up();

        assertThat(migrations().down(2).changeSets()).containsExactly("0003-c", "0002-b");
        assertThat(tables()).containsExactly("t0001");
        assertThat(migrations().up().changeSets()).containsExactly("0002-b", "0003-c");
        assertThat(tables()).containsExactly("t0001", "t0002", "t0003");
    }

    @Test
    void buildsAnIndexAnewThatWasLeftInvalid() throws Exception {
        table("0001-a");
        migrations().up();
        leaveInvalid("t_once");
        write(
                "0002-once",
                "runInTransaction:false",
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS t_once ON t0001 (id)",
                "DROP INDEX t_once");
        List<String> said = new ArrayList<>();

        assertThat(migrations().withProgress(said::add).up().changeSets()).containsExactly("0002-once");

        assertThat(query("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_once'::regclass"))
                .containsExactly("t");
        assertThat(said).contains("building index t_once anew, which was left invalid");
        said.clear();
        migrations().withProgress(said::add).up();
        assertThat(said).isEmpty();
    }

    @Test
    void anIndexThatCannotBeBuiltIsNamedAndNothingIsDone() throws Exception {
        table("0001-a");
        migrations().up();
        leaveInvalid("t_once");
        execute("INSERT INTO t0001 VALUES (1), (1)");
        table("0002-b");

        assertThatThrownBy(() -> migrations().up())
                .isInstanceOfSatisfying(MigrationException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.CHANGE_SET_FAILED))
                .hasMessageContaining("Index t_once was left invalid");
        assertThat(tables()).containsExactly("t0001");

        // and once its rows are mended, all that the failed building left behind is gone
        execute("DELETE FROM t0001");
        migrations().up();
        assertThat(query("SELECT count(*) FROM pg_index WHERE NOT indisvalid")).containsExactly("0");
        assertThat(query("SELECT count(*) FROM pg_indexes WHERE tablename = 't0001'"))
                .containsExactly("1");
        assertThat(tables()).containsExactly("t0001", "t0002");
    }

    /** As a building that broke off leaves it. */
    private void leaveInvalid(String index) throws Exception {
        execute("INSERT INTO t0001 VALUES (1), (1)");
        assertThatThrownBy(() -> execute("CREATE UNIQUE INDEX CONCURRENTLY " + index + " ON t0001 (id)"))
                .hasMessageContaining("could not create unique index");
        // not TRUNCATE, which would build the index anew
        execute("DELETE FROM t0001");
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void refusesToTakeBackMoreThanIsApplied() throws Exception {
        table("0001-a");
        migrations().up();

        assertRefused(() -> migrations().down(2), "Only 1 change sets are applied");
        assertThat(tables()).containsExactly("t0001");
    }

    @Test
    void refusesAnEditedAppliedChangeSetAndDoesNothing() throws Exception {
        table("0001-a");
        migrations().up();
        script("0001-a", "CREATE TABLE t0001 (id int, more text)", "DROP TABLE t0001");
        table("0002-b");

        assertRefused(() -> migrations().up(), "'0001-a' (0001-a.sql) was edited");
        assertRefused(() -> migrations().down(1), "'0001-a' (0001-a.sql) was edited");
        assertThat(tables()).containsExactly("t0001");
        assertThat(states()).containsExactly(State.EDITED, State.PENDING);
    }

    @Test
    void toleratesOtherWhiteSpaceInAnAppliedChangeSet() throws Exception {
        script("0001-a", "CREATE TABLE t0001 (id int)", "DROP TABLE t0001");
        migrations().up();
        script("0001-a", "CREATE TABLE   t0001\n    (id int)\n", "DROP TABLE t0001");

        assertThat(migrations().up().changeSets()).isEmpty();
    }

    @Test
    void refusesAPendingChangeSetOrderedBeforeTheNewestApplied() throws Exception {
        table("0001-a");
        table("0003-c");
        migrations().up();
        table("0002-b");

        assertRefused(() -> migrations().up(), "'0002-b' (0002-b.sql) is not applied, but one ordered after it is");
        assertThat(tables()).containsExactly("t0001", "t0003");
        assertThat(states()).containsExactly(State.APPLIED, State.LATE, State.APPLIED);
    }

    @Test
    void leavesNewerCompatibleChangeSetsAlone() throws Exception {
        table("0001-a");
        Path newer = labelled("0002-b", "compatible");
        migrations().up();
        Files.delete(newer);

        Migrations.Outcome outcome = migrations().up();

        assertThat(outcome).isEqualTo(new Migrations.Outcome(List.of(), List.of("0002-b")));
        assertThat(tables()).containsExactly("t0001", "t0002");
        assertThat(states()).containsExactly(State.APPLIED, State.NEWER_COMPATIBLE);
        assertThat(program("up")).startsWith("0:left alone 0002-b");
    }

    @Test
    void refusesNewerChangeSetsThatAreNotCompatible() throws Exception {
        table("0001-a");
        Path compatible = labelled("0002-b", "compatible");
        Path breaking = table("0003-c");
        migrations().up();
        Files.delete(compatible);
        Files.delete(breaking);

        assertRefused(() -> migrations().up(), "'0003-c' (0003-c.sql) is applied here, but only a newer release");
        assertThat(states()).containsExactly(State.APPLIED, State.NEWER_COMPATIBLE, State.UNKNOWN);
    }

    @Test
    void refusesAPendingOneWhenANewerReleaseHasPassedIt() throws Exception {
        table("0001-a");
        Path newer = labelled("0003-c", "compatible");
        migrations().up();
        Files.delete(newer);
        table("0002-b");

        assertRefused(() -> migrations().up(), "'0002-b' (0002-b.sql) is not applied");
    }

    @Test
    void refusesAnAppliedChangeSetThatWasRemovedFromTheMiddle() throws Exception {
        table("0001-a");
        Path removed = labelled("0002-b", "compatible");
        table("0003-c");
        migrations().up();
        Files.delete(removed);

        assertRefused(() -> migrations().up(), "'0002-b' (0002-b.sql) is applied here, but this change log");
    }

    @Test
    void refusesToTakeBackWhatOnlyANewerReleaseKnows() throws Exception {
        table("0001-a");
        Path newer = labelled("0002-b", "compatible");
        migrations().up();
        Files.delete(newer);

        assertRefused(() -> migrations().down(1), "'0002-b' (0002-b.sql) is applied but not in this change log");
        assertThat(tables()).containsExactly("t0001", "t0002");
    }

    @Test
    void knowsItsChangeSetsWhereverTheDirectoryLies(@TempDir Path elsewhere) throws Exception {
        table("0001-a");
        migrations().up();
        Files.copy(changeLog.resolve("0001-a.sql"), elsewhere.resolve("0001-a.sql"));

        assertThat(Migrations.of(address, elsewhere).up().changeSets()).isEmpty();
        assertThat(query("SELECT filename FROM databasechangelog")).containsExactly("0001-a.sql");
    }

    @Test
    void undoesAFailedChangeSetWhollyAndKeepsThoseBefore() throws Exception {
        table("0001-a");
        script("0002-b", "CREATE TABLE t0002 (id int);\nSELECT 1/0", "DROP TABLE t0002");

        assertThatThrownBy(() -> migrations().up()).isInstanceOfSatisfying(MigrationException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.CHANGE_SET_FAILED);
            assertThat(e.sentence())
                    .isEqualTo("Change set '0002-b' (0002-b.sql) failed (ERROR: division by zero);"
                            + " it was undone and those before it stay: correct it and start again.");
        });
        assertThat(tables()).containsExactly("t0001");
        table("0002-b");
        assertThat(migrations().up().changeSets()).containsExactly("0002-b");
    }

    @Test
    void runsDemoDataByDefaultAndNotWithoutItsContext() throws Exception {
        table("0001-a");
        write("0002-demo", "context:demo", "INSERT INTO t0001 VALUES (7)", "DELETE FROM t0001");

        assertThat(migrations().withContexts(Set.of()).up().changeSets()).containsExactly("0001-a");
        assertThat(query("SELECT id FROM t0001")).isEmpty();
        assertThat(migrations().up().changeSets()).containsExactly("0002-demo");
        assertThat(query("SELECT id FROM t0001")).containsExactly("7");
        assertThat(migrations().withContexts(Set.of("other")).up().changeSets()).isEmpty();
        assertThat(migrations().withContexts(Set.of()).down(1).changeSets()).containsExactly("0002-demo");
    }

    @Test
    void statusChangesNothing() throws Exception {
        table("0001-a");

        assertThat(states()).containsExactly(State.PENDING);
        assertThat(tables()).isEmpty();
        assertThat(query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly("0");
    }

    private List<State> states() {
        return migrations().status().stream().map(ChangeSetStatus::state).toList();
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable run, String part) {
        assertThatThrownBy(run).isInstanceOfSatisfying(MigrationException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.REFUSED);
            assertThat(e.sentence()).contains(part);
        });
    }
}

package org.vitrina.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.migrations.ChangeSetStatus.State;
import org.vitrina.migrations.MigrationException.Kind;

/** Platform's tables in the services' databases: new ones, those of an installed release, and the ways back. */
class PlatformTablesTest extends MigrationsSuite {
    private static final Map<String, List<String>> PLATFORMS_SHAPES = new HashMap<>();
    private static final String[] ADOPTED = {"idempotency_record", "handled_event", "parked_message", "outbox"};
    private static final String TRAIL = "audit_trail";

    private static final String SHAPE =
            """
            SELECT attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || attidentity::text
                   || coalesce(pg_get_expr(adbin, adrelid), '')
            FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
            WHERE attrelid = '%1$s'::regclass AND attnum > 0 AND NOT attisdropped
            UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = '%1$s'::regclass
            UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '%1$s'::regclass
            UNION ALL SELECT reloptions::text FROM pg_class WHERE oid = '%1$s'::regclass AND reloptions IS NOT NULL
            ORDER BY 1""";

    private static final String PLACE =
            "SELECT outcome FROM accept_order(gen_random_uuid(), 7, '%s', '\\x01', NULL, '[]', 1, 'here', NULL, 1, 1)";

    private static final String ADD_BY_HAND = "INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body)"
            + " VALUES (gen_random_uuid(), 'orders.events', 'order.pending', 'k', 'x')";

    @Test
    void aNewServiceNeedsPlatformsTablesOnly() throws Exception {
        write("0001-platform.txt", "# all of them\n" + TRAIL + "\n" + String.join("\n", ADOPTED) + "\n");
        ownTable("0002-own");

        Migrations.Outcome up = program(changeLog).up();

        assertThat(up.changeSets()).containsExactly("0002-own");
        assertThat(up.platform())
                .startsWith("platform-audit_trail-0001-table", "platform-idempotency_record-0001-table")
                .endsWith("platform-outbox-0002-add")
                .hasSize(8);
        assertThat(allTables()).contains(ADOPTED).contains(TRAIL, "own");
        assertThat(program(changeLog).down(1))
                .isEqualTo(new Migrations.Outcome(List.of("0002-own"), List.of(), List.of()));
        assertThat(allTables()).contains(ADOPTED).contains(TRAIL).doesNotContain("own");
    }

    @Test
    void aTableThatPlatformMadeGoesWithTheChangeSetsBeforeItsList() throws Exception {
        ownTable("0001-own");
        write("0002-platform.txt", "outbox\nhandled_event\n");
        program(changeLog).up();

        Migrations.Outcome down = program(changeLog).down(1);

        assertThat(down.changeSets()).containsExactly("0001-own");
        assertThat(down.platform())
                .containsExactly(
                        "platform-handled_event-0001-table", "platform-outbox-0002-add", "platform-outbox-0001-table");
        assertThat(allTables()).containsExactly("databasechangelog");
        assertThat(program(changeLog).up().size()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "products", "notifications", "predictions", "wallet"})
    void anInstallOfThePreviousReleaseIsUpgradedWithItsRows(String service) throws Exception {
        program(previous(service)).up();
        List<String> tables = allTables();
        for (String table : adoptedBy(service)) {
            fill(table);
        }
        if (service.equals("orders")) {
            assertThat(query(PLACE.formatted("before"))).containsExactly("accepted");
        }
        List<String> rows = rows(service);

        Migrations.Outcome up = program(change(service)).up();

        assertThat(up.platform()).isNotEmpty();
        assertThat(rows(service)).isEqualTo(rows);
        assertThat(allTables().stream()
                        .filter(table -> !Set.of(
                                        "sent_event", "erased_user", "counted_books", "prediction_client", TRAIL)
                                .contains(table))
                        .toList())
                .as("no table but those that came with this release")
                .isEqualTo(tables);
        assertThat(shapes(service)).isEqualTo(platformsShapes(service));
        assertThat(program(change(service)).up().size()).isZero();
        if (service.equals("orders")) {
            assertThat(query(PLACE.formatted("before"))).containsExactly("key-taken");
            assertThat(query(PLACE.formatted("after"))).containsExactly("accepted");
            assertThat(query("SELECT routing_key FROM outbox WHERE exchange = 'orders.events' AND ordering_key <> 'k'"))
                    .containsExactly("order.pending", "order.pending");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "products", "notifications", "predictions", "wallet"})
    void aNewInstallHasTheSameTablesAndGoesBackToNothing(String service) throws Exception {
        int own = program(change(service)).up().changeSets().size();

        assertThat(shapes(service)).isEqualTo(platformsShapes(service));
        assertThat(program(change(service)).down(own).changeSets()).hasSize(own);
        assertThat(allTables()).containsExactly("databasechangelog");
    }

    @Test
    void aReleaseThatWasRolledBackStillInstalls() throws Exception {
        program(change("orders")).up();

        Migrations.Outcome again = program(previous("orders")).up();

        assertThat(again.size()).isZero();
        assertThat(again.leftAlone())
                .containsExactly(
                        "platform-idempotency_record-0001-table",
                        "platform-idempotency_record-0002-claim",
                        "platform-idempotency_record-0002-free",
                        "platform-outbox-0001-table",
                        "platform-outbox-0002-add",
                        "0006-tell",
                        "0006-accept",
                        "0008-sent-event",
                        "0009-blank",
                        "0009-erase-user",
                        "0010-steps-kept",
                        "0011-traceparent",
                        "0011-accept",
                        "0011-tell",
                        "platform-audit_trail-0001-table",
                        "0013-trail",
                        "0013-led-by");
        assertThat(query(PLACE.formatted("k"))).containsExactly("accepted");
        execute(ADD_BY_HAND);
        assertThat(query("SELECT count(*) FROM outbox")).containsExactly("2");
    }

    @Test
    void downCountsTheServicesOwnAndLeavesWhatItsOlderChangeSetsMade() throws Exception {
        program(previous("orders")).up();
        execute(ADD_BY_HAND);
        program(change("orders")).up();

        assertThat(program(change("orders")).down(11).changeSets())
                .containsExactly(
                        "0013-led-by",
                        "0013-trail",
                        "0011-tell",
                        "0011-accept",
                        "0011-traceparent",
                        "0010-steps-kept",
                        "0009-erase-user",
                        "0009-blank",
                        "0008-sent-event",
                        "0006-accept",
                        "0006-tell");
        assertThat(query(PLACE.formatted("k"))).containsExactly("accepted");
        Migrations.Outcome down = program(change("orders")).down(1);

        assertThat(down.changeSets()).containsExactly("0004-cancel");
        assertThat(down.platform()).hasSize(5);
        assertThat(query("SELECT count(*) FROM outbox")).containsExactly("2");
        assertThat(program(change("orders")).up().size()).isEqualTo(18);
    }

    @Test
    void theAuditTrailIsAddedToAndNothingElse() throws Exception {
        write("0001-platform.txt", TRAIL + "\n");
        program(changeLog).up();
        String add = "SELECT add_to_audit_trail('did', 'to', 7, 'so')";
        execute("BEGIN; SELECT set_config('vitrina.deed', 'trace 4711', true); " + add + "; COMMIT");
        execute("BEGIN; SELECT set_config('vitrina.deed', ' a name', true); " + add + "; COMMIT");
        execute("BEGIN; SELECT set_config('vitrina.deed', 'trace nobody', true); " + add + "; ROLLBACK");
        execute(add);
        String all = "SELECT concat_ws('|', actor, trace_id, action, subject, user_id, detail) FROM audit_trail"
                + " ORDER BY position";
        List<String> rows = query(all);
        assertThat(rows)
                .containsExactly(
                        "4711|trace|did|to|7|so", "a name|did|to|7|so", "database:" + address.user() + "|did|to|7|so");

        for (String change : List.of(
                "UPDATE audit_trail SET actor = '1'",
                "UPDATE audit_trail SET actor = '1' WHERE FALSE",
                "DELETE FROM audit_trail",
                "TRUNCATE audit_trail")) {
            assertThatThrownBy(() -> execute(change))
                    .as(change)
                    .hasMessageContaining("rows of audit_trail are not changed");
        }
        assertThat(query(all)).isEqualTo(rows);

        execute("INSERT INTO audit_trail (done_at, actor, action, subject, detail)"
                + " VALUES (now() - interval '366 days', 'old', 'did', 'to', '')");
        execute("DELETE FROM audit_trail WHERE done_at < now() - interval '1 day'");
        assertThat(query(all)).isEqualTo(rows);
    }

    @Test
    void statusListsThemWhereTheyCome() throws Exception {
        write("0001-platform.txt", "outbox\n");
        ownTable("0002-own");
        program(changeLog).up();

        assertThat(program(changeLog).status())
                .extracting(ChangeSetStatus::id)
                .containsExactly("platform-outbox-0001-table", "platform-outbox-0002-add", "0002-own");
        assertThat(states()).containsOnly(State.APPLIED);
        assertThat(query("SELECT filename FROM databasechangelog ORDER BY orderexecuted"))
                .containsExactly("platform/outbox/0001-table.sql", "platform/outbox/0002-add.sql", "0002-own.sql");
    }

    @Test
    void anotherTableMayFollowLater() throws Exception {
        write("0001-platform.txt", "outbox\n");
        ownTable("0002-own");
        program(changeLog).up();
        write("0003-platform.txt", "handled_event\n");

        assertThat(states()).containsExactly(State.APPLIED, State.APPLIED, State.APPLIED, State.PENDING);
        assertThat(program(changeLog).up().platform()).containsExactly("platform-handled_event-0001-table");
    }

    @Test
    void aNewChangeSetOfPlatformsIsNotLateForTheServicesNewerOnes() throws Exception {
        write("0001-platform.txt", "outbox\n");
        ownTable("0002-own");
        program(changeLog).up();
        execute("DELETE FROM databasechangelog WHERE id = 'platform-outbox-0002-add'");
        execute("DROP FUNCTION add_to_outbox");

        assertThat(states()).containsExactly(State.APPLIED, State.PENDING, State.APPLIED);
        assertThat(program(changeLog).up().platform()).containsExactly("platform-outbox-0002-add");
        execute("DELETE FROM databasechangelog WHERE id = 'platform-outbox-0001-table'");
        assertThat(states()).containsExactly(State.LATE, State.APPLIED, State.APPLIED);
        assertRefused(() -> program(changeLog).up(), "'platform-outbox-0001-table' (platform/outbox/0001-table.sql)");
    }

    @Test
    void refusesAnEditedOne() throws Exception {
        write("0001-platform.txt", "outbox\n");
        program(changeLog).up();
        execute("UPDATE databasechangelog SET md5sum = replace(md5sum, right(md5sum, 8), '01234567')"
                + " WHERE id = 'platform-outbox-0001-table'");

        assertThat(states()).containsExactly(State.EDITED, State.APPLIED);
        assertRefused(
                () -> program(changeLog).up(),
                "'platform-outbox-0001-table' (platform/outbox/0001-table.sql) was edited");
    }

    @Test
    void leavesNewerCompatibleOnesAloneAndRefusesOthers() throws Exception {
        ownTable("0001-own");
        write("0002-platform.txt", "outbox\n");
        ownTable("0003-more");
        program(changeLog).up();
        execute(
                "INSERT INTO databasechangelog (id, author, filename, dateexecuted, orderexecuted, exectype, md5sum, labels)"
                        + " SELECT 'platform-outbox-0003-next', author, 'platform/outbox/0003-next.sql', now(), 99, exectype,"
                        + " md5sum, 'compatible' FROM databasechangelog WHERE id = '0001-own'");

        assertThat(program(changeLog).up())
                .isEqualTo(new Migrations.Outcome(List.of(), List.of("platform-outbox-0003-next")));
        assertThat(program(changeLog).down(1).changeSets()).containsExactly("0003-more");
        assertRefused(
                () -> program(changeLog).down(1), "'platform-outbox-0003-next'", "use the release that brought it");
        execute("UPDATE databasechangelog SET labels = NULL WHERE id = 'platform-outbox-0003-next'");
        assertRefused(() -> program(changeLog).up(), "'platform-outbox-0003-next'", "is not marked compatible");
    }

    @Test
    void bringsADriftedTableToTheOneShapeWithItsRows() throws Exception {
        execute(
                "CREATE TABLE outbox (position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id UUID NOT NULL UNIQUE,"
                        + " exchange TEXT NOT NULL, routing_key TEXT NOT NULL, ordering_key TEXT NOT NULL, body BYTEA NOT NULL,"
                        + " created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp())");
        execute(ADD_BY_HAND);
        write("0001-platform.txt", "outbox\n");

        program(changeLog).up();

        assertThat(shape("outbox")).isEqualTo(platformsShape("outbox"));
        assertThat(query("SELECT routing_key || headers FROM outbox")).containsExactly("order.pending{}");
    }

    @Test
    void refusesToAdoptATableOfAnotherKind() throws Exception {
        execute("CREATE TABLE handled_event (event_id TEXT, handled_at TIMESTAMPTZ)");
        write("0001-platform.txt", "handled_event\n");

        assertThatThrownBy(() -> program(changeLog).up()).isInstanceOfSatisfying(MigrationException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.CHANGE_SET_FAILED);
            assertThat(e.sentence()).contains("the table handled_event is there with other columns than platform's");
        });
        assertThat(query("SELECT count(*) FROM databasechangelog")).containsExactly("0");
    }

    @Test
    void doesNotLockWhatItAdopts() throws Exception {
        program(previous("predictions")).up();
        try (Connection service = connect();
                var statement = service.createStatement()) {
            service.setAutoCommit(false);
            for (String table : ADOPTED) {
                statement.execute("LOCK TABLE " + table + " IN ACCESS SHARE MODE");
                statement.execute("LOCK TABLE " + table + " IN ROW EXCLUSIVE MODE");
            }
            assertThat(program(change("predictions")).up().platform()).hasSize(8);
            service.rollback();
        }
    }

    @Test
    void refusesAListThatCannotBe() throws Exception {
        write("0001-platform.txt", "outbox\ninbox\n");
        assertThatThrownBy(() -> program(changeLog).up())
                .hasMessageContaining(
                        "lists 'inbox', but platform's tables are audit_trail, handled_event, idempotency_record,"
                                + " outbox, parked_message.");
        write("0001-platform.txt", "outbox\noutbox\n");
        assertThatThrownBy(() -> program(changeLog).up()).hasMessageContaining("give each an id of its own");
    }

    @Test
    void severalAtOnceFromTheProgramsJarTakeTurns() throws Exception {
        Path jar = Files.createTempDirectory("migrations").resolve("program.jar");
        String classes = Path.of("target/classes").toAbsolutePath().toString();
        assertThat(ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(System.out, System.err, "-cf", jar.toString(), "-C", classes, "."))
                .isZero();
        List<Process> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(process(jar, classes));
        }
        for (Process run : runs) {
            String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(run.waitFor()).as(said).isZero();
        }
        assertThat(query("SELECT count(*) = count(DISTINCT id) FROM databasechangelog"))
                .containsExactly("t");
        assertThat(shapes("orders")).isEqualTo(platformsShapes("orders"));
    }

    private Process process(Path jar, String classes) throws IOException {
        String path = System.getProperty("java.class.path").replace(classes, jar.toString());
        assertThat(path).contains(jar + File.pathSeparator);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        path,
                        Main.class.getName(),
                        "up",
                        "--url",
                        address.url(),
                        "--user",
                        address.user(),
                        "--changelog",
                        change("orders").toString())
                .redirectErrorStream(true)
                .start();
    }

    private static Path change(String service) {
        return Sources.changeLog(service);
    }

    /** The service's change log in the release before platform had change sets. */
    private Path previous(String service) throws IOException {
        Path previous = Files.createDirectories(changeLog.resolve("previous").resolve(service));
        for (Path file : Sources.ofPreviousRelease().keySet()) {
            if (file.startsWith(change(service))) {
                Files.copy(file, previous.resolve(file.getFileName().toString()));
            }
        }
        return previous;
    }

    private static List<String> tablesOf(String service) throws IOException {
        List<String> tables = new ArrayList<>();
        try (Stream<Path> files = Files.list(change(service))) {
            for (Path list : files.filter(PlatformTables::isList).toList()) {
                Files.readAllLines(list).stream()
                        .filter(line -> !line.startsWith("#"))
                        .forEach(tables::add);
            }
        }
        assertThat(tables).isNotEmpty();
        return tables;
    }

    /** Those that an install of the previous release has. */
    private static List<String> adoptedBy(String service) throws IOException {
        return tablesOf(service).stream().filter(table -> !table.equals(TRAIL)).toList();
    }

    private void fill(String table) throws SQLException {
        execute(
                switch (table) {
                    case "outbox" -> ADD_BY_HAND;
                    case "handled_event" -> "INSERT INTO handled_event VALUES ('c', gen_random_uuid())";
                    case "parked_message" ->
                        "INSERT INTO parked_message VALUES (gen_random_uuid(), 'q', '', 'k', NULL, FALSE, 'x', 1, 'r', now(), now())";
                    default ->
                        "INSERT INTO idempotency_record (user_id, operation, key, fingerprint, lease_until)"
                                + " VALUES (1, 'o', 'k', 'x', now())";
                });
    }

    private List<String> rows(String service) throws Exception {
        List<String> rows = new ArrayList<>();
        for (String table : adoptedBy(service)) {
            rows.addAll(query("SELECT to_jsonb(one)::text FROM " + table + " AS one ORDER BY 1"));
        }
        return rows;
    }

    private List<List<String>> shapes(String service) throws Exception {
        List<List<String>> shapes = new ArrayList<>();
        for (String table : tablesOf(service)) {
            shapes.add(shape(table));
        }
        return shapes;
    }

    private List<List<String>> platformsShapes(String service) throws Exception {
        List<List<String>> shapes = new ArrayList<>();
        for (String table : tablesOf(service)) {
            shapes.add(platformsShape(table));
        }
        return shapes;
    }

    private List<String> shape(String table) throws SQLException {
        return query(SHAPE.formatted(table));
    }

    /** Of a database with nothing else: the same in each test. */
    private List<String> platformsShape(String table) throws Exception {
        List<String> known = PLATFORMS_SHAPES.get(table);
        if (known == null) {
            known = shapeByItself(table);
            PLATFORMS_SHAPES.put(table, known);
        }
        return known;
    }

    private List<String> shapeByItself(String table) throws Exception {
        DatabaseAddress its = address;
        try {
            address = newDatabase();
            Path only = Files.createTempDirectory(changeLog, "only");
            Files.writeString(only.resolve("0001-platform.txt"), table + "\n");
            program(only).up();
            return shape(table);
        } finally {
            address = its;
        }
    }

    private Migrations program(Path changeLog) {
        return Migrations.of(address, changeLog);
    }

    private List<State> states() {
        return program(changeLog).status().stream().map(ChangeSetStatus::state).toList();
    }

    private void ownTable(String id) throws IOException {
        String table = id.substring(id.indexOf('-') + 1);
        write(
                id + ".sql",
                "--liquibase formatted sql\n--changeset vitrina:" + id + "\nCREATE TABLE " + table
                        + " (id int);\n--rollback DROP TABLE " + table + ";\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(changeLog.resolve(name), text);
    }

    private List<String> allTables() throws SQLException {
        return query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable run, String... parts) {
        assertThatThrownBy(run).isInstanceOfSatisfying(MigrationException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.REFUSED);
            assertThat(e.sentence()).contains(parts);
        });
    }
}

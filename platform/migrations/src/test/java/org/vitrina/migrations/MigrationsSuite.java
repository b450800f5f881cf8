package org.vitrina.migrations;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Migrations on a real PostgreSQL: what their tests do and look at. */
abstract class MigrationsSuite {
    static final AtomicInteger DATABASES = new AtomicInteger();
    /** For all tests of the process; ends with it. */
    static final EmbeddedPostgres POSTGRES = start();

    @TempDir
    Path changeLog;

    DatabaseAddress address;

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("fsync", "off")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void emptyDatabase() throws SQLException {
        address = newDatabase();
    }

    static DatabaseAddress newDatabase() throws SQLException {
        String name = "m" + DATABASES.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(urlOf("postgres"), "postgres", "");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return new DatabaseAddress(urlOf(name), "postgres", "");
    }

    static String urlOf(String database) {
        return "jdbc:postgresql://localhost:" + POSTGRES.getPort() + "/" + database;
    }

    Migrations migrations() {
        return Migrations.of(address, changeLog);
    }

    /** A change set that makes the table {@code t} + the number. */
    Path table(String id) throws IOException {
        return labelled(id, "");
    }

    Path labelled(String id, String label) throws IOException {
        String table = "t" + id.substring(0, 4);
        return write(
                id,
                label.isEmpty() ? "" : "labels:" + label,
                "CREATE TABLE " + table + " (id int)",
                "DROP TABLE " + table);
    }

    Path script(String id, String sql, String back) throws IOException {
        return write(id, "", sql, back);
    }

    Path write(String id, String attributes, String sql, String back) throws IOException {
        return Files.writeString(
                changeLog.resolve(id + ".sql"),
                "--liquibase formatted sql\n--changeset vitrina:" + id + " " + attributes + "\n" + sql
                        + ";\n--rollback " + back + ";\n");
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(address.url(), "postgres", "");
    }

    List<String> tables() throws SQLException {
        return query("SELECT tablename FROM pg_tables WHERE tablename LIKE 't0%' ORDER BY 1");
    }

    List<String> query(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        }
    }

    /** Runs the program in this process; its exit code, a colon, and all that it said. */
    String program(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        if (!all.contains("--url")) {
            all.addAll(List.of("--url", address.url()));
        }
        all.addAll(List.of("--user", address.user(), "--changelog", changeLog.toString()));
        return program(Map.of(), all.toArray(String[]::new));
    }

    static String program(Map<String, String> environment, String... args) {
        var said = new ByteArrayOutputStream();
        try (var stream = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            int code = Main.run(List.of(args), environment, stream, stream);
            return code + ":" + said.toString(StandardCharsets.UTF_8);
        }
    }

    ProcessBuilder process(String command) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        command,
                        "--url",
                        address.url(),
                        "--user",
                        address.user(),
                        "--changelog",
                        changeLog.toString())
                .redirectErrorStream(true);
    }
}

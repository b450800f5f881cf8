package org.vitrina.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.vitrina.launcher.spec.Server;

/** One PostgreSQL server with its data in a folder that outlives the run; a database and an owner for each service. */
final class Postgres {
    /** Below an instance's directory. */
    static final String FOLDER = "postgres";

    private static final String ADMIN = "postgres";

    private final Path home;
    private final Path folder;
    private final Path log;
    private final Address address;
    private final ProcessSpec.Identity identity;

    /**
     * @param home the unpacked programs
     * @param folder holds the data and the password, created as needed
     */
    Postgres(Path home, Path folder, Path log, Address address) {
        this.home = home;
        this.folder = folder;
        this.log = log;
        this.address = address;
        this.identity = Spawner.identityForPostgres();
    }

    Path data() {
        return folder.resolve("data");
    }

    /** What every role of this server logs in with; made up once, readable by the owner of the folder only. */
    String password() {
        return passwordIn(folder);
    }

    static String passwordIn(Path folder) {
        Path file = folder.resolve("password");
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[16];
                new SecureRandom().nextBytes(random);
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, HexFormat.of().formatHex(random));
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the data folder if there is none; a half-made one (killed in the middle) is made anew. */
    void initialise(Progress progress) throws IOException {
        Files.createDirectories(folder);
        if (Files.exists(data().resolve("PG_VERSION")) && Files.exists(folder.resolve("complete"))) {
            removeStaleLock();
            return;
        }
        progress.line(Server.POSTGRES.partName(), "making an empty database in " + data());
        Binaries.delete(data());
        Files.createDirectory(
                data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path passwordFile = Files.createTempFile(folder, "initdb", ".password");
        try {
            Files.writeString(passwordFile, password());
            if (identity == ProcessSpec.Identity.NOBODY) {
                for (Path path : List.of(data(), passwordFile)) {
                    Files.setOwner(
                            path,
                            path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
                }
            }
            run(List.of(
                    home.resolve("bin/initdb").toString(),
                    "--pgdata=" + data(),
                    "--username=" + ADMIN,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync"));
        } finally {
            Files.delete(passwordFile);
        }
        Files.createFile(folder.resolve("complete"));
    }

    /** PostgreSQL takes a killed server that nobody has reaped yet for a living one. */
    private void removeStaleLock() throws IOException {
        Path lock = data().resolve("postmaster.pid");
        if (!Files.exists(lock)) {
            return;
        }
        List<String> lines = Files.readAllLines(lock);
        long pid = lines.isEmpty() ? 0 : Long.parseLong(lines.get(0).strip());
        if (Procfs.startTicks(pid) < 0) {
            Files.delete(lock);
        }
    }

    ProcessSpec spec() {
        return new ProcessSpec(
                List.of(
                        home.resolve("bin/postgres").toString(),
                        "-D",
                        data().toString(),
                        "-p",
                        Integer.toString(address.port()),
                        "-h",
                        address.host(),
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "max_connections=250",
                        "-c",
                        "shared_buffers=32MB",
                        "-c",
                        "logging_collector=off"),
                Map.of("LC_ALL", "C.UTF-8"),
                folder,
                log,
                "INT",
                "INT",
                identity);
    }

    /** The database of a service for drivers that speak JDBC. */
    static String jdbcUrl(Address reachedAt, String database) {
        return "jdbc:postgresql://" + reachedAt + "/" + database;
    }

    /** Makes sure that each service has its database, owned by a role of the same name. */
    void createDatabases(List<String> names) throws SQLException {
        try (Connection connection = connectAsAdmin();
                Statement statement = connection.createStatement()) {
            for (String name : names) {
                if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", name)) {
                    statement.execute("CREATE ROLE \"" + name + "\" LOGIN PASSWORD '" + password() + "'");
                }
                if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
                    statement.execute("CREATE DATABASE \"" + name + "\" OWNER \"" + name + "\"");
                }
            }
        }
    }

    private Connection connectAsAdmin() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(address, "postgres"), ADMIN, password());
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }

    private void run(List<String> command) throws IOException {
        ProcessSpec once = new ProcessSpec(command, Map.of("LC_ALL", "C.UTF-8"), folder, log, "TERM", "KILL", identity);
        Process process = Spawner.spawn(once);
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new StartException("PostgreSQL's initdb did not end within 2 minutes." + Logs.lastWords(log));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new StartException("PostgreSQL's initdb failed." + Logs.lastWords(log));
        }
    }
}

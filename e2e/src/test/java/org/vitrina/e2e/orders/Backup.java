package org.vitrina.e2e.orders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.vitrina.servers.PostgresServer;

/**
 * A backup of all databases at one instant, taken while they are written to: what {@code pg_basebackup} does, as PostgreSQL's
 * manual describes it ("Making a Base Backup Using the Low Level API").
 */
final class Backup {
    private static final Set<String> NOT_COPIED = Set.of("postmaster.pid", "postmaster.opts", "restart.log");
    private static final String LOG = "pg_wal";

    private final PostgresServer server;
    private final Path data;
    private final Path folder;

    /** @param folder an empty one, for the copy */
    Backup(PostgresServer server, Path folder) throws SQLException {
        this.server = server;
        this.folder = folder;
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet setting = statement.executeQuery("SHOW data_directory")) {
            setting.next();
            this.data = Path.of(setting.getString(1));
        }
    }

    void take() throws SQLException, IOException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('test', true)");
            copy(data, folder);
            try (ResultSet stopped = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                stopped.next();
                Files.writeString(folder.resolve("backup_label"), stopped.getString(1));
            }
            // what was written meanwhile: with it the copy is of the instant of the stop
            copy(data.resolve(LOG), folder.resolve(LOG));
        }
    }

    /** The server has what it had then; whatever came later is gone. */
    void restore() throws IOException {
        server.kill();
        delete(data);
        copy(folder, data);
        server.restart();
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path copy = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(copy);
            } else if (!NOT_COPIED.contains(file.getFileName().toString())) {
                try {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                } catch (NoSuchFileException gone) {
                    // a table that was dropped, a segment that was used again: the log knows
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        for (Path file : files(folder).reversed()) {
            if (!file.equals(folder)) {
                Files.delete(file);
            }
        }
    }

    /** Folders before what is in them. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.toList();
        } catch (java.io.UncheckedIOException changed) {
            // a file went while it was listed
            return files(folder);
        }
    }
}

package org.vitrina.servers;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * A copy of a running server's folder, as its documentation has it for who has no pg_basebackup, which the embedded program lacks
 * (PostgreSQL, 25.3.4 "Making a Base Backup Using the Low Level API").
 */
final class PostgresCopy {
    /** Of the server that runs there; its write-ahead log is streamed. */
    private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts");

    private static final String LOG = "pg_wal";

    private PostgresCopy() {}

    /** @param superuser at the server whose folder {@code from} is; closed in the end */
    static void take(Connection superuser, Path from, Path to) throws IOException {
        try (superuser;
                var statement = superuser.createStatement()) {
            statement.execute("SELECT pg_backup_start('copy', true)");
            copy(from, to);
            try (var stopped = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                stopped.next();
                Files.writeString(to.resolve("backup_label"), stopped.getString(1));
            }
        } catch (SQLException e) {
            throw new IOException("the server cannot be copied", e);
        }
    }

    /** Makes the copy a replica. */
    static void follow(Path copy, String primary) throws IOException {
        Files.createFile(copy.resolve("standby.signal"));
        Files.writeString(copy.resolve("postgresql.auto.conf"), "primary_conninfo = '" + primary + "'\n");
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(folder).toString());
                if (!Files.exists(target)) {
                    Files.createDirectory(
                            target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path name = from.relativize(file);
                if (!LEFT_OUT.contains(name.toString()) && !name.startsWith(LOG)) {
                    try {
                        Files.copy(file, to.resolve(name.toString()));
                    } catch (NoSuchFileException gone) {
                        // a temporary one, which the server has removed meanwhile
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

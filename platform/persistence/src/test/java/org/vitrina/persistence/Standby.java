package org.vitrina.persistence;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.vitrina.servers.PostgresServer;

/** A copy of a server that follows it and can be read: made as PostgreSQL's documentation has it for who has no pg_basebackup. */
final class Standby implements AutoCloseable {
    final int port;
    private final Path folder;
    private final Process process;

    Standby(PostgresServer primary) throws Exception {
        port = freePort();
        folder = Files.createTempDirectory("vitrina-standby");
        Path from;
        try (Connection superuser = primary.connect("postgres");
                var statement = superuser.createStatement()) {
            try (var setting = statement.executeQuery("SHOW data_directory")) {
                setting.next();
                from = Path.of(setting.getString(1));
            }
            statement.execute("SELECT pg_backup_start('standby', true)");
            copy(from, folder);
            try (var stopped = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                stopped.next();
                Files.writeString(folder.resolve("backup_label"), stopped.getString(1));
            }
        }
        Files.createFile(folder.resolve("standby.signal"));
        Files.writeString(
                folder.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + primary.port() + " user=postgres'\n");
        process = new ProcessBuilder(command(primary, from))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("standby.log").toFile())
                .start();
    }

    /** As the primary was started, but for folder and port. */
    private List<String> command(PostgresServer primary, Path from) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        var info = ProcessHandle.of(primary.pid()).orElseThrow().info();
        command.add(info.command().orElseThrow());
        for (String word : info.arguments().orElseThrow()) {
            command.add(
                    word.equals(from.toString())
                            ? folder.toString()
                            : word.equals(Integer.toString(primary.port())) ? Integer.toString(port) : word);
        }
        return command;
    }

    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?connectTimeout=5", "postgres", "");
    }

    /** What it is told as its superuser. */
    void execute(String sql) throws SQLException {
        try (Connection superuser = connect("postgres");
                var statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("standby.log"));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(each).toString());
                if (!Files.exists(target)) {
                    Files.createDirectory(target, owner);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path name = from.relativize(file);
                // the log is streamed, and the running server's id is its own
                if (!name.startsWith("pg_wal") && !name.toString().startsWith("postmaster.")) {
                    try {
                        Files.copy(file, to.resolve(name.toString()));
                    } catch (NoSuchFileException gone) {
                        // a temporary one
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

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}

package org.vitrina.launcher;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.vitrina.launcher.spec.Server;
import redis.embedded.core.ExecutableProvider;

/** The servers' programs, unpacked once from the jars that carry them into a folder that all runs share. */
final class Binaries {
    private final Path folder;

    /**
     * @param shared for all runs of this source tree
     * @param own where they go when the shared folder belongs to another user
     */
    Binaries(Path shared, Path own) {
        this.folder = isUsable(shared) ? shared : own;
    }

    private static boolean isUsable(Path folder) {
        try {
            Files.createDirectories(folder);
            return Files.isWritable(folder);
        } catch (IOException notOurs) {
            return false;
        }
    }

    /** PostgreSQL's folder with bin/, lib/ and share/. */
    Path postgres(Progress progress) throws IOException {
        Path home = folder.resolve(versionOf("postgres-linux-" + architecture() + ".txz"));
        if (Files.isExecutable(home.resolve("bin/postgres"))) {
            return home;
        }
        progress.line(Server.POSTGRES.partName(), "unpacking its program (once)");
        return unpackInOneStep(home, fresh -> {
            try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary("linux", architecture())) {
                untar(archive, fresh);
            }
        });
    }

    /** The redis-server program. */
    Path redis() throws IOException {
        Path home = folder.resolve(versionOf("redis/embedded/core/ExecutableProvider.class"));
        Path program = home.resolve("redis-server");
        if (!Files.isExecutable(program)) {
            unpackInOneStep(home, fresh -> {
                File unpacked = ExecutableProvider.newJarResourceProvider(fresh.toFile())
                        .get();
                Path moved = Files.move(unpacked.toPath(), fresh.resolve("redis-server"));
                Files.setPosixFilePermissions(moved, PosixFilePermissions.fromString("rwxr-xr-x"));
            });
        }
        return program;
    }

    private static String architecture() {
        return ArchUtils.normalize(System.getProperty("os.arch", "amd64"));
    }

    private interface Unpacking {
        void into(Path fresh) throws IOException;
    }

    private Path unpackInOneStep(Path home, Unpacking unpacking) throws IOException {
        Files.createDirectories(folder);
        Path fresh = Files.createTempDirectory(folder, "unpacking-");
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            unpacking.into(fresh);
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException anotherWasFaster) {
            delete(fresh);
        }
        return home;
    }

    private static void untar(InputStream archive, Path into) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("an entry outside the archive: " + entry.getName());
                }
                Files.createDirectories(target.getParent() == null ? into : target.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(target, into.resolve(entry.getLinkName()));
                } else if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(tar, target);
                    if ((entry.getMode() & 0100) != 0) {
                        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
    }

    /** Changes when the jar that carries the program does: its file name holds the version. */
    private static String versionOf(String resourceOrClass) {
        java.net.URL url = Binaries.class.getClassLoader().getResource(resourceOrClass);
        String jar = String.valueOf(url).replaceAll("!.*", "");
        return jar.substring(jar.lastIndexOf('/') + 1).replace(".jar", "");
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

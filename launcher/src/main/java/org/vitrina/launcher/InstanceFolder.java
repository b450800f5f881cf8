package org.vitrina.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** The folder of an instance: data, logs and run state, with a lock that one launcher holds. */
final class InstanceFolder implements AutoCloseable {
    private static final Duration LEFTOVERS_MAY_TAKE = Duration.ofSeconds(8);
    private static final long LOOK_EVERY_MILLIS = 20;

    private final Path directory;
    private final FileChannel lock;

    private InstanceFolder(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** Makes the folder, locks it, and ends what a run that was killed left behind. */
    static InstanceFolder open(Path directory, Progress progress) throws IOException {
        prepare(directory);
        InstanceFolder folder = new InstanceFolder(directory, lock(directory));
        folder.endLeftovers(progress);
        return folder;
    }

    static Path stateFile(Path directory) {
        return directory.resolve("run/state");
    }

    /** Where a part's output goes. */
    static Path log(Path directory, String part) {
        return directory.resolve("logs").resolve(part + ".log");
    }

    static String runningAlready(Path directory) {
        String holder = RunState.read(stateFile(directory))
                .launcher()
                .map(entry -> "process " + entry.pid() + " (" + Procfs.commandLine(entry.pid()) + ")")
                .orElse("another process");
        return "Vitrina runs already from " + directory + ": " + holder
                + ". End it with './vitrina down', or start a second one beside it with --port-offset N.";
    }

    /** Ends processes cleanly, and those that take too long by force. */
    static void endAll(List<RunState.Entry> entries) {
        for (RunState.Entry entry : entries) {
            Spawner.signal(entry.pid(), entry.signal());
            Spawner.signal(entry.pid(), "CONT");
        }
        long end = System.nanoTime() + LEFTOVERS_MAY_TAKE.toNanos();
        for (RunState.Entry entry : entries) {
            while (entry.isAlive()) {
                if (System.nanoTime() > end) {
                    Spawner.signal(entry.pid(), "KILL");
                }
                pause();
            }
        }
    }

    /** Nothing runs any more. */
    void deleteState() {
        try {
            Files.deleteIfExists(stateFile(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets another launcher have the folder. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void prepare(Path directory) {
        try {
            for (String folder : List.of("run", "logs")) {
                Files.createDirectories(directory.resolve(folder));
            }
        } catch (IOException e) {
            throw new StartException("The folder " + directory + " cannot be made: " + e, e);
        }
        for (Path folder : List.of(directory, directory.resolve("run"), directory.resolve("logs"))) {
            if (!Files.isWritable(folder)) {
                throw new StartException("The folder " + folder + " belongs to another user (" + owner(folder)
                        + "): run as that user, remove it, or set VITRINA_DIR to another folder.");
            }
        }
        try {
            // './vitrina dev' says over a socket there what is to be run
            Files.setPosixFilePermissions(directory.resolve("run"), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new StartException("The folder " + directory.resolve("run") + " cannot be closed to others: " + e, e);
        }
    }

    private static String owner(Path path) {
        try {
            return Files.getOwner(path).getName();
        } catch (IOException e) {
            return "?";
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("run/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisJvm) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new StartException(runningAlready(directory));
        }
        return channel;
    }

    /** After a launcher and its guard were both killed something may still run that the state file names. */
    private void endLeftovers(Progress progress) {
        List<RunState.Entry> leftovers = RunState.read(stateFile(directory)).entries().stream()
                .filter(RunState.Entry::isAlive)
                .toList();
        for (RunState.Entry entry : leftovers) {
            progress.line(entry.name(), "left behind by a run that was killed, ending process " + entry.pid());
        }
        endAll(leftovers);
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
    }
}

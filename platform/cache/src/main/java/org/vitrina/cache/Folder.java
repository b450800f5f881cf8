package org.vitrina.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The folder of topology {@code file} and the threads that wait for its disk. What they cannot begin at once waits in a
 * bounded queue, beyond which it is not done: a disk that hangs holds up nobody else.
 */
final class Folder {
    private static final int MOST_WAITING = 1024;

    private final Path path;
    final Bypass bypass;
    final RemoteCounters counters;
    private final ThreadPoolExecutor readers = threads("cache-file-read", 2);
    /** One: what is written and removed keeps its order. */
    private final ThreadPoolExecutor writer = threads("cache-file-write", 1);

    Folder(Path path, CacheConfig config, RemoteCounters counters) {
        this.path = path;
        this.counters = counters;
        this.bypass = new Bypass(config.bypassAfter(), config.timeout().toNanos(), counters, () -> {});
    }

    /** False where it will not be done. */
    boolean read(Runnable step) {
        return begin(readers, step);
    }

    /** False where it will not be done; in the order of the calls. */
    boolean write(Runnable step) {
        return begin(writer, step);
    }

    private static boolean begin(ThreadPoolExecutor threads, Runnable step) {
        try {
            threads.execute(step);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    private static ThreadPoolExecutor threads(String name, int count) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count, count, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), step -> {
                    Thread thread = new Thread(step, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** The folder of one cache and version; those of its other versions are removed, as nobody reads them any more. */
    Path of(String cache, int version) {
        return path.resolve(cache + ".v" + version);
    }

    /** On the thread that writes. */
    void prepare(String cache, Path own) throws IOException {
        Files.createDirectories(own);
        try (Stream<Path> all = Files.list(path)) {
            all.filter(each -> each.getFileName().toString().startsWith(cache + ".v") && !each.equals(own))
                    .forEach(Folder::delete);
        }
    }

    void close() {
        readers.shutdownNow();
        // what was loaded last is of use to the next process
        writer.shutdown();
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException stays) {
            // costs room only
        }
    }
}

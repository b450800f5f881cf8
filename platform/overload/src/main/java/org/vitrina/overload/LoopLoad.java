package org.vitrina.overload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The share of the last windows in which one event loop's thread had something to do: it ran, or waited for a processor.
 * The kernel's own account of the thread ({@code schedstat}: nanoseconds run, nanoseconds runnable), one read a window:
 * the same on the JVM and in a native image. Where the kernel keeps no such account the share is 0, and known is false.
 *
 * <p>Confined to its event loop, except for {@link #share} and {@link #known}.
 */
final class LoopLoad {
    /** A burst, a collection or the compilers fill one window; queueing fills all. */
    private static final int WINDOWS = 3;

    private static final Path PROC = Path.of("/proc");

    private final long[] busy = new long[WINDOWS];
    private final long[] wall = new long[WINDOWS];
    private final ByteBuffer text = ByteBuffer.allocate(80);
    private @Nullable FileChannel account;
    private long lastBusy;
    private long lastWall;
    private int next;
    private boolean begun;
    private volatile boolean known;
    private volatile double share;

    /** Ends a window. The first call finds the account of the thread that calls. */
    void windowEnded(long nanoTime) {
        if (!begun) {
            begun = true;
            open(nanoTime);
        } else if (account != null) {
            try {
                measured(read(account), nanoTime);
            } catch (IOException | NumberFormatException e) {
                close();
            }
        }
    }

    /** Takes what the account says, {@code busyNanos} since the thread's start, at {@code nanoTime}. */
    void measured(long busyNanos, long nanoTime) {
        busy[next] = busyNanos - lastBusy;
        wall[next] = nanoTime - lastWall;
        lastBusy = busyNanos;
        lastWall = nanoTime;
        next = (next + 1) % WINDOWS;
        long allBusy = 0;
        long allWall = 0;
        for (int i = 0; i < WINDOWS; i++) {
            allBusy += busy[i];
            allWall += wall[i];
        }
        share = allWall == 0 ? 0 : Math.min(1, (double) allBusy / allWall);
    }

    double share() {
        return share;
    }

    boolean known() {
        return known;
    }

    void close() {
        known = false;
        share = 0;
        FileChannel opened = account;
        account = null;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                // nothing was written
            }
        }
    }

    private void open(long nanoTime) {
        try {
            // the link says PID/task/TID of whoever reads it
            Path thread = Files.readSymbolicLink(PROC.resolve("thread-self"));
            FileChannel opened = FileChannel.open(PROC.resolve(thread).resolve("schedstat"), StandardOpenOption.READ);
            account = opened;
            lastBusy = read(opened);
            lastWall = nanoTime;
            if (lastBusy == 0) {
                close();
            } else {
                known = true;
            }
        } catch (IOException | UnsupportedOperationException | NumberFormatException e) {
            close();
        }
    }

    private long read(FileChannel account) throws IOException {
        text.clear();
        account.read(text, 0);
        return busyNanos(new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII));
    }

    /** "RUN WAITED SLICES": the sum of the first two. */
    static long busyNanos(String schedstat) throws IOException {
        String[] fields = schedstat.strip().split(" ", -1);
        if (fields.length < 2) {
            throw new IOException("not a schedstat: " + schedstat);
        }
        return Long.parseLong(fields[0]) + Long.parseLong(fields[1]);
    }
}

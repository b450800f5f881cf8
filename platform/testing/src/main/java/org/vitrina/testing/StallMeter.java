package org.vitrina.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Measures how long this machine kept a thread waiting that only wanted to wake up. On a machine that does too much at
 * once, a time limit of the store is checked against the time taken less what the machine itself lost meanwhile; on a
 * quiet one that is nothing.
 */
public final class StallMeter {
    private static final StallMeter RUNNING = new StallMeter();
    private static final long NAP_NANOS = 2_000_000;
    private static final long WORTH_NOTING_NANOS = 3_000_000;
    private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();
    /** However busy the machine is: a limit never grows by more than this. */
    private static final Duration MOST = Duration.ofMillis(700);

    private static final Path PRESSURE = Path.of("/proc/pressure/cpu");

    private final ConcurrentLinkedDeque<Stall> stalls = new ConcurrentLinkedDeque<>();

    private record Stall(long end, long nanos) {}

    private StallMeter() {
        Thread thread = new Thread(this::run, "stall-meter");
        thread.setDaemon(true);
        thread.start();
    }

    /** Time lost between two readings of {@link System#nanoTime}, as far as it may be taken off a time limit. */
    public static Duration lostBetween(long start, long end) {
        long lost = 0;
        for (Stall stall : RUNNING.stalls) {
            if (stall.end - start > 0 && end - (stall.end - stall.nanos) > 0) {
                lost += stall.nanos;
            }
        }
        return lost > MOST.toNanos() ? MOST : Duration.ofNanos(lost);
    }

    /** Microseconds since boot in which some task waited for a processor (Linux PSI); 0 where that is not known. */
    public static long waitedMicros() {
        try {
            for (String line : Files.readAllLines(PRESSURE)) {
                if (line.startsWith("some ")) {
                    return Long.parseLong(line.substring(line.indexOf("total=") + "total=".length()));
                }
            }
        } catch (IOException e) {
            // a kernel without PSI
        }
        return 0;
    }

    private void run() {
        long last = System.nanoTime();
        while (true) {
            try {
                Thread.sleep(Duration.ofNanos(NAP_NANOS));
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            long late = now - last - NAP_NANOS;
            if (late > WORTH_NOTING_NANOS) {
                stalls.addLast(new Stall(now, late));
            }
            last = now;
            Stall oldest = stalls.peekFirst();
            while (oldest != null && now - oldest.end > KEPT_NANOS) {
                stalls.pollFirst();
                oldest = stalls.peekFirst();
            }
        }
    }
}

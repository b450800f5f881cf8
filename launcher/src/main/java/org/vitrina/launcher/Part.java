package org.vitrina.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One supervised process: started, watched until it answers, started again with back-off when it ends unexpectedly. */
final class Part {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration STEADY_AFTER = Duration.ofSeconds(30);
    private static final long LOOK_EVERY_MILLIS = 50;

    private final String name;
    private final ProcessSpec usual;
    private final Address address;
    private final int managementPort;
    private final LongPredicate probe;
    private final ScheduledExecutorService clockwork;
    private final Progress progress;
    private final Runnable onChange;

    private volatile ProcessSpec spec;
    private @Nullable Process process;
    private long startTicks = -1;
    private long startedNanos;
    private PartState state = PartState.STOPPED;
    private int restarts;
    private Duration pause = FIRST_PAUSE;
    private boolean supervised;
    private boolean held;

    /**
     * @param managementPort 0 where it has none
     * @param probe whether the process with that pid answers as ready now; called on {@code clockwork}, so it must come back soon
     * @param onChange called after every change of state
     */
    Part(
            String name,
            ProcessSpec spec,
            Address address,
            int managementPort,
            LongPredicate probe,
            ScheduledExecutorService clockwork,
            Progress progress,
            Runnable onChange) {
        this.name = name;
        this.usual = spec;
        this.spec = spec;
        this.address = address;
        this.managementPort = managementPort;
        this.probe = probe;
        this.clockwork = clockwork;
        this.progress = progress;
        this.onChange = onChange;
    }

    String name() {
        return name;
    }

    Address address() {
        return address;
    }

    int managementPort() {
        return managementPort;
    }

    /** Where its output goes. */
    Path log() {
        return spec.log();
    }

    /** From now on a death is followed by a new start. */
    synchronized void supervise() {
        supervised = true;
        if (state == PartState.DEAD) {
            startAgainLater("is down");
        }
    }

    synchronized PartState state() {
        return state;
    }

    synchronized long pid() {
        return process == null ? 0 : process.pid();
    }

    synchronized PartStatus status() {
        return new PartStatus(name, state, process == null ? 0 : process.pid(), address, restarts);
    }

    synchronized RunState.Entry entry() {
        return new RunState.Entry(
                name,
                process == null ? 0 : process.pid(),
                startTicks,
                spec.stopSignal(),
                state,
                address.port(),
                managementPort,
                restarts);
    }

    void start() {
        synchronized (this) {
            held = false;
            if (process != null && process.isAlive()) {
                return;
            }
            launch();
        }
        onChange.run();
    }

    /** Ends the process cleanly and keeps it ended; returns its exit status. */
    int end(Duration timeout) {
        return end(spec.stopSignal(), timeout);
    }

    /** Ends the process as asked and keeps it ended; returns its exit status (128 + n after signal n). */
    int end(String signal, Duration timeout) {
        Process ending;
        synchronized (this) {
            held = true;
            state = PartState.STOPPED;
            ending = process;
        }
        if (ending == null) {
            return 0;
        }
        try {
            if (ending.isAlive()) {
                if (signal.equals("KILL")) {
                    ending.destroyForcibly();
                } else {
                    Spawner.signal(ending.pid(), signal);
                    Spawner.signal(ending.pid(), "CONT"); // a frozen one hears it only awake
                }
                if (!ending.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    ending.destroyForcibly();
                    ending.waitFor();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ending.destroyForcibly();
        }
        if (isReplaced()) {
            Spawner.endGroup(ending.pid()); // a build tool that was killed leaves its program behind
        }
        onChange.run();
        return ending.isAlive() ? -1 : ending.exitValue();
    }

    /** Ends the process and runs another one in its place, with the same ports and probe. */
    void runInstead(UnaryOperator<ProcessSpec> ofUsual, Duration timeout) {
        end(timeout);
        synchronized (this) {
            spec = ofUsual.apply(usual);
            pause = FIRST_PAUSE;
        }
        start();
    }

    /** Whether something else runs in its place. */
    boolean isReplaced() {
        return !spec.equals(usual);
    }

    private synchronized void launch() {
        try {
            Process started = Spawner.spawn(spec);
            process = started;
            startTicks = Procfs.startTicks(started.pid());
            startedNanos = System.nanoTime();
            state = PartState.STARTING;
            var unused = started.onExit().thenAccept(this::ended);
            lookSoon(started);
        } catch (IOException e) {
            state = PartState.DEAD;
            progress.line(name, "cannot be started: " + e.getMessage());
        }
    }

    private void lookSoon(Process watched) {
        if (!clockwork.isShutdown()) {
            var unused = clockwork.schedule(() -> look(watched), LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look(Process watched) {
        synchronized (this) {
            if (process != watched || state != PartState.STARTING || !watched.isAlive()) {
                return;
            }
        }
        if (!probe.test(watched.pid())) {
            lookSoon(watched);
            return;
        }
        Duration took;
        synchronized (this) {
            if (process != watched || state != PartState.STARTING) {
                return;
            }
            state = PartState.READY;
            took = Duration.ofNanos(System.nanoTime() - startedNanos);
        }
        progress.line(
                name, "ready after %.1f s, %s, pid %d".formatted(took.toMillis() / 1000.0, address, watched.pid()));
        onChange.run();
    }

    private void ended(Process gone) {
        synchronized (this) {
            if (process != gone || held) {
                return;
            }
            state = PartState.DEAD;
            if (supervised) {
                if (System.nanoTime() - startedNanos > STEADY_AFTER.toNanos()) {
                    pause = FIRST_PAUSE;
                }
                startAgainLater("died (" + meaning(gone.exitValue()) + ")");
            }
        }
        onChange.run();
    }

    private synchronized void startAgainLater(String what) {
        state = PartState.WAITING;
        progress.line(name, "%s, starting it again in %.1f s".formatted(what, pause.toMillis() / 1000.0));
        if (!clockwork.isShutdown()) {
            var unused = clockwork.schedule(this::startAgain, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
        Duration next = pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    private void startAgain() {
        synchronized (this) {
            if (held || state != PartState.WAITING) {
                return;
            }
            restarts++;
            launch();
        }
        onChange.run();
    }

    private static String meaning(int exit) {
        return exit > 128 ? "signal " + (exit - 128) : "exit " + exit;
    }
}

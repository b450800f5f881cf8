package org.vitrina.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.vitrina.launcher.spec.Services;

/**
 * The whole system on this machine: PostgreSQL, Redis, a broker and the packaged services, each a process of its own, on 127.0.0.1.
 * No process outlives the JVM that started it, however that ends. Used by {@code ./vitrina up} and by the tests, which put
 * fault proxies between the parts ({@link StackBuilder#between}).
 *
 * <p>Here are the parts that run and what can be done to them; {@link StackBuilder} says which, {@link StackStart} starts them.
 * Parts are named as {@link Services#partNames()} has them: {@code postgres}, {@code redis}, {@code broker} and the
 * services. Thread-safe once started.
 */
public final class Stack implements AutoCloseable {
    private static final long LOOK_EVERY_MILLIS = 20;

    private final StackBuilder plan;
    private final List<Part> parts = new ArrayList<>();
    private final ScheduledExecutorService clockwork = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "vitrina-clockwork");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable InstanceFolder folder;
    private @Nullable LauncherGuard guard;
    private @Nullable StackStart starting;
    private volatile boolean closed;

    Stack(StackBuilder plan) {
        this.plan = plan;
    }

    /** @param project the root of the source tree, whose packaged services are started */
    public static StackBuilder builder(Path project) {
        return new StackBuilder(project.toAbsolutePath().normalize());
    }

    void startAll() {
        try {
            Path directory = plan.directory();
            folder = InstanceFolder.open(directory, plan.progress());
            Ports ports = Ports.choose(plan);
            guard = new LauncherGuard(directory.resolve("run"), InstanceFolder.stateFile(directory), this::writeState);
            writeState();
            starting = new StackStart(plan, this, ports);
            starting.run();
        } catch (IOException | SQLException e) {
            close();
            throw new StartException("Vitrina could not start: " + e, e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Waits until every part that is meant to run has answered as ready; throws {@link StartException} if one died. */
    public void awaitReady(Duration timeout) {
        for (Part part : snapshot()) {
            await(part, timeout);
        }
        if (plan.isSupervised()) {
            snapshot().forEach(Part::supervise);
        }
    }

    /** Waits until the one part answers as ready (again). */
    public void awaitReady(String name, Duration timeout) {
        await(part(name), timeout);
    }

    /** Where the part itself listens, whatever detour leads to it. */
    public Address address(String name) {
        return part(name).address();
    }

    /** Where a service serves health and metrics. */
    public Address managementAddress(String service) {
        Part part = part(service);
        return new Address(part.address().host(), part.managementPort());
    }

    /** JDBC URL of a service's own database, with user and password as parameters. */
    public String jdbcUrl(String service) {
        return started().jdbcUrl(service);
    }

    /** The parts in the order of their start. */
    public List<PartStatus> parts() {
        return snapshot().stream().map(Part::status).toList();
    }

    /** The pid of the part's last process. */
    public long pid(String name) {
        return part(name).pid();
    }

    /** Where the part's output goes. */
    public Path log(String name) {
        return part(name).log();
    }

    /** SIGKILL; the part stays down until {@link #start}. */
    public void kill(String name) {
        part(name).end("KILL", plan.timeout());
    }

    /** The signal for a clean end; returns the exit status. The part stays down until {@link #start}. */
    public int terminate(String name) {
        return part(name).end(plan.timeout());
    }

    /** Starts a part that is down; returns at once. */
    public void start(String name) {
        part(name).start();
    }

    /** {@link #terminate} and {@link #start}. */
    public void restart(String name) {
        terminate(name);
        start(name);
    }

    /** SIGSTOP to the process and all its descendants: connections stay open, nothing answers. */
    public void freeze(String name) {
        signalTree(name, "STOP");
    }

    /** SIGCONT after {@link #freeze}. */
    public void thaw(String name) {
        signalTree(name, "CONT");
    }

    /** Ends every process, the services first (in-flight requests finish), then the servers. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        endAtOnce(snapshot().stream().filter(part -> isCaller(part.name())).toList());
        endAtOnce(snapshot().stream().filter(part -> !isCaller(part.name())).toList());
        clockwork.shutdownNow();
        if (folder != null) {
            folder.deleteState(); // before the guard looks into it
        }
        if (guard != null) {
            guard.close();
        }
        if (folder != null) {
            folder.close();
        }
    }

    /** What ends first; the registry is there for those that leave. */
    private boolean isCaller(String part) {
        return plan.isService(part) && !part.equals(StackBuilder.REGISTRY);
    }

    /** Adds a part that is not started yet. */
    Part add(String name, ProcessSpec spec, Address address, int managementPort, LongPredicate probe) {
        if (closed) {
            throw new StartException("stopped while starting");
        }
        Part part = new Part(name, spec, address, managementPort, probe, clockwork, plan.progress(), this::writeState);
        synchronized (parts) {
            parts.add(part);
        }
        return part;
    }

    /** Work that may block, again and again until the stack is closed; one that fails is said and tried again next time. */
    void everyMinutes(int minutes, Runnable work) {
        Thread.ofPlatform().daemon().name("vitrina-clock").start(() -> {
            while (!closed) {
                try {
                    TimeUnit.MINUTES.sleep(minutes);
                    work.run();
                } catch (InterruptedException e) {
                    return;
                } catch (StartException e) {
                    plan.progress().line("vitrina", String.valueOf(e.getMessage()));
                }
            }
        });
    }

    /** Runs something else in the place of a service, until {@link #giveBack}. */
    synchronized void develop(String service, UnaryOperator<ProcessSpec> ofUsual) {
        if (!closed) {
            part(service).runInstead(ofUsual, plan.timeout());
        }
    }

    /** Runs the service as it was built again. */
    synchronized void giveBack(String service) {
        if (!closed) {
            part(service).runInstead(UnaryOperator.identity(), plan.timeout());
        }
    }

    boolean isDeveloped(String service) {
        return part(service).isReplaced();
    }

    /** Whether that part runs here at all. */
    boolean has(String name) {
        return snapshot().stream().anyMatch(part -> part.name().equals(name));
    }

    private Part part(String name) {
        return snapshot().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no part '" + name + "' in this stack"));
    }

    private StackStart started() {
        return Objects.requireNonNull(starting, "not started");
    }

    private List<Part> snapshot() {
        synchronized (parts) {
            return List.copyOf(parts);
        }
    }

    private static void await(Part part, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            switch (part.state()) {
                case READY, STOPPED -> {
                    return;
                }
                case DEAD ->
                    throw new StartException(part.name() + " ended before it was ready." + Logs.lastWords(part.log()));
                case STARTING, WAITING -> {
                    if (System.nanoTime() > end) {
                        throw new StartException(String.format(
                                        Locale.ROOT, "%s was not ready within %d s.", part.name(), timeout.toSeconds())
                                + Logs.lastWords(part.log()));
                    }
                    pause();
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
    }

    private void endAtOnce(List<Part> ending) {
        List<Thread> threads = new ArrayList<>();
        for (Part part : ending) {
            threads.add(Thread.ofPlatform().start(() -> part.end(plan.timeout())));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                ending.forEach(part -> part.end("KILL", plan.timeout()));
            }
        }
    }

    private void signalTree(String name, String signal) {
        ProcessHandle root = ProcessHandle.of(part(name).pid()).orElseThrow();
        Spawner.signal(root.pid(), signal);
        root.descendants().forEach(child -> Spawner.signal(child.pid(), signal));
    }

    private void writeState() {
        synchronized (parts) {
            if (guard == null || clockwork.isShutdown()) {
                return;
            }
            long self = ProcessHandle.current().pid();
            List<RunState.Entry> entries = new ArrayList<>();
            entries.add(new RunState.Entry(
                    RunState.LAUNCHER,
                    self,
                    Procfs.startTicks(self),
                    "TERM",
                    PartState.READY,
                    plan.portOffset(),
                    0,
                    0));
            entries.add(new RunState.Entry(
                    "guard", guard.pid(), Procfs.startTicks(guard.pid()), "KILL", PartState.READY, 0, 0, 0));
            parts.forEach(part -> entries.add(part.entry()));
            new RunState(entries).write(InstanceFolder.stateFile(plan.directory()));
        }
    }
}

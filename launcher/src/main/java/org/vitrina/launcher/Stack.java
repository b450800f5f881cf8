package org.vitrina.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The whole system on this machine: PostgreSQL, Redis, a broker and the packaged services, each a process of its own, on 127.0.0.1.
 * No process outlives the JVM that started it, however that ends. Used by {@code ./vitrina up} and by the tests, which put
 * fault proxies between the parts ({@link Builder#between}).
 *
 * <p>Parts are named as {@link ServiceSpec#partNames()} has them: {@code postgres}, {@code redis}, {@code broker} and the
 * services. Thread-safe once started.
 */
public final class Stack implements AutoCloseable {
    private static final Duration PATIENCE_FOR_POSTGRES_START = Duration.ofSeconds(60);
    private static final Duration PATIENCE_FOR_THE_PAGE = Duration.ofMinutes(2);

    /** Erlang's, beside RabbitMQ; no part that anybody asks for. */
    private static final String PORT_MAPPER = "epmd";

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Builder plan;
    private final Path directory;
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, Address> addresses = new HashMap<>();
    private final ScheduledExecutorService clockwork = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "vitrina-clockwork");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable FileChannel lockChannel;
    private @Nullable LauncherGuard guard;
    private @Nullable Postgres postgres;
    private volatile boolean closed;

    private Stack(Builder plan) {
        this.plan = plan;
        this.directory = plan.directory;
    }

    /** @param project the root of the source tree, whose packaged services are started */
    public static Builder builder(Path project) {
        return new Builder(project.toAbsolutePath().normalize());
    }

    /** What to start and how; every setting has a default. */
    public static final class Builder {
        private final Path project;
        private Path directory;
        private List<String> names = ServiceSpec.partNames();
        private int portOffset;
        private boolean freePorts = true;
        private boolean supervised;
        private boolean migrated = true;
        private Progress progress = Progress.SILENT;
        private Duration patience = Duration.ofSeconds(30);
        private final Map<String, Path> trainings = new HashMap<>();
        private final Map<String, Map<String, String>> environments = new HashMap<>();
        private final Map<String, List<String>> jvmOptions = new HashMap<>();
        private final Map<String, UnaryOperator<Address>> detours = new HashMap<>();

        private Builder(Path project) {
            this.project = project;
            this.directory = project.resolve(".vitrina");
        }

        /** Where data, logs and run state live; kept when the stack closes. Default {@code .vitrina} in the project. */
        public Builder directory(Path directory) {
            this.directory = directory.toAbsolutePath().normalize();
            return this;
        }

        /** Only these parts, and PostgreSQL, Redis and the broker where one of them needs it. Default: all. */
        public Builder only(List<String> partNames) {
            for (String name : partNames) {
                if (!ServiceSpec.partNames().contains(name)) {
                    throw new StartException("There is no part '" + name + "'; there are "
                            + String.join(", ", ServiceSpec.partNames()) + ".");
                }
            }
            List<String> wanted = new ArrayList<>(partNames);
            for (ServiceSpec service : ServiceSpec.ALL) {
                if (partNames.contains(service.name()) && service.hasDatabase()) {
                    wanted.add(ServiceSpec.POSTGRES);
                }
                if (partNames.contains(service.name()) && service.hasCache()) {
                    wanted.add(ServiceSpec.REDIS);
                }
                if (partNames.contains(service.name()) && service.hasBroker()) {
                    wanted.add(ServiceSpec.BROKER);
                }
            }
            this.names =
                    ServiceSpec.partNames().stream().filter(wanted::contains).toList();
            return this;
        }

        /** As {@link #only(List)}. */
        public Builder only(String... partNames) {
            return only(List.of(partNames));
        }

        /** The ports of docs/contracts.md (PostgreSQL 15432, Redis 16379, the broker 15672), each raised by the offset. */
        public Builder fixedPorts(int offset) {
            this.freePorts = false;
            this.portOffset = offset;
            return this;
        }

        /** Free ports chosen at the start; the default. */
        public Builder freePorts() {
            this.freePorts = true;
            return this;
        }

        /** An environment variable of a service's process, over what the stack sets itself. */
        public Builder environment(String service, String variable, String value) {
            environments.computeIfAbsent(service, any -> new HashMap<>()).put(variable, value);
            return this;
        }

        /** Further options of a service's JVM (heap size, {@code -Dkey=value}), after those of the stack. */
        public Builder jvm(String service, String... options) {
            jvmOptions.computeIfAbsent(service, any -> new ArrayList<>()).addAll(List.of(options));
            return this;
        }

        /**
         * Puts something between two parts: {@code caller} is told the address that {@code detour} answers instead of the
         * real one of {@code callee}. Called once, before the caller's process starts.
         *
         * @param callee a service, {@code postgres}, {@code redis} or {@code broker}
         */
        public Builder between(String caller, String callee, UnaryOperator<Address> detour) {
            detours.put(caller + ">" + callee, detour);
            return this;
        }

        /** Starts a part that died again, with back-off, once all have been ready. Default: not. */
        public Builder supervised(boolean supervised) {
            this.supervised = supervised;
            return this;
        }

        /** Whether the databases' schemas are brought up to date at the start. Default: yes. */
        public Builder migrated(boolean migrated) {
            this.migrated = migrated;
            return this;
        }

        /** How long a part may take to end when asked, before it is killed. Default 30 s. */
        public Builder patience(Duration patience) {
            this.patience = patience;
            return this;
        }

        /** The service writes a new AOT cache into the file as it ends, instead of using the one it has. */
        Builder training(String service, Path cache) {
            trainings.put(service, cache);
            return this;
        }

        /** Who is told what happens. Default: nobody. */
        public Builder progress(Progress progress) {
            this.progress = progress;
            return this;
        }

        /**
         * Starts everything and returns as soon as all processes run and the schemas are up to date; {@link #awaitReady}
         * waits until they answer.
         *
         * @throws StartException when something prevents it; nothing is left running then
         */
        public Stack start() {
            Stack stack = prepare();
            stack.startAll();
            return stack;
        }

        /** The stack before its start, so that somebody else can close it while it starts. */
        Stack prepare() {
            return new Stack(this);
        }
    }

    void startAll() {
        try {
            open();
        } catch (IOException | SQLException e) {
            close();
            throw new StartException("Vitrina could not start: " + e, e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Waits until every part that is meant to run has answered as ready; throws {@link StartException} if one died. */
    public void awaitReady(Duration patience) {
        for (Part part : snapshot()) {
            await(part, patience);
        }
        if (plan.supervised) {
            snapshot().forEach(Part::supervise);
        }
    }

    /** Waits until the one part answers as ready (again). */
    public void awaitReady(String name, Duration patience) {
        await(part(name), patience);
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
        Postgres server = Objects.requireNonNull(postgres, "no PostgreSQL in this stack");
        return Postgres.jdbcUrl(part(ServiceSpec.POSTGRES).address(), service) + "?user=" + service + "&password="
                + server.password();
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
        return part(name).spec().log();
    }

    /** SIGKILL; the part stays down until {@link #start}. */
    public void kill(String name) {
        part(name).end("KILL", plan.patience);
    }

    /** The signal for a clean end; returns the exit status. The part stays down until {@link #start}. */
    public int terminate(String name) {
        Part part = part(name);
        return part.end(part.spec().stopSignal(), plan.patience);
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
        List<Part> services = snapshot().stream()
                .filter(part -> ServiceSpec.named(part.name()).isPresent())
                .toList();
        List<Part> servers = snapshot().stream()
                .filter(part -> ServiceSpec.named(part.name()).isEmpty())
                .toList();
        endAtOnce(services, plan.patience);
        endAtOnce(servers, plan.patience);
        clockwork.shutdownNow();
        try {
            if (guard != null) {
                Files.deleteIfExists(stateFile(directory));
                guard.close();
            }
            if (lockChannel != null) {
                lockChannel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path stateFile(Path directory) {
        return directory.resolve("run/state");
    }

    private void open() throws IOException, SQLException {
        prepareDirectory();
        takeLock();
        endLeftovers();
        choosePorts();
        guard = new LauncherGuard(directory.resolve("run"), stateFile(directory), this::writeState);
        writeState();
        Binaries binaries = new Binaries(plan.project.resolve(".vitrina/bin"), directory.resolve("bin"));
        if (plan.names.contains(ServiceSpec.REDIS)) {
            startRedis(binaries);
        }
        if (plan.names.contains(ServiceSpec.POSTGRES)) {
            startPostgres(binaries);
        }
        // whoever waits looks at the page first: nothing else takes processors from it until it is there
        List<ServiceSpec> page =
                services().stream().filter(ServiceSpec::isOfThePage).toList();
        List<ServiceSpec> rest =
                services().stream().filter(service -> !service.isOfThePage()).toList();
        startServices(page);
        if (!page.isEmpty() && !rest.isEmpty()) {
            page.forEach(service -> awaitReady(service.name(), PATIENCE_FOR_THE_PAGE));
            plan.progress.line(
                    "vitrina",
                    (plan.names.contains("bff")
                                    ? "the page is there, " + address("bff").url() + "/products/all"
                                    : "what a page is made of is ready")
                            + "; now the rest");
        }
        if (plan.names.contains(ServiceSpec.BROKER)) {
            startBroker();
        }
        startServices(rest);
    }

    private void startServices(List<ServiceSpec> services) {
        for (ServiceSpec service : services) {
            addService(service).start();
        }
        if (plan.migrated && postgres != null) {
            migrate(postgres, services);
        }
    }

    private List<ServiceSpec> services() {
        return ServiceSpec.ALL.stream()
                .filter(spec -> plan.names.contains(spec.name()))
                .toList();
    }

    private void prepareDirectory() {
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
    }

    private static String owner(Path path) {
        try {
            return Files.getOwner(path).getName();
        } catch (IOException e) {
            return "?";
        }
    }

    private void takeLock() throws IOException {
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
        lockChannel = channel;
    }

    static String runningAlready(Path directory) {
        String holder = RunState.read(stateFile(directory))
                .launcher()
                .map(entry -> "process " + entry.pid() + " (" + Procfs.commandLine(entry.pid()) + ")")
                .orElse("another process");
        return "Vitrina runs already from " + directory + ": " + holder
                + ". End it with './vitrina down', or start a second one beside it with --port-offset N.";
    }

    /** After a launcher and its guard were both killed something may still run that the state file names. */
    private void endLeftovers() {
        List<RunState.Entry> leftovers = RunState.read(stateFile(directory)).entries().stream()
                .filter(RunState.Entry::isAlive)
                .toList();
        for (RunState.Entry entry : leftovers) {
            plan.progress.line(entry.name(), "left behind by a run that was killed, ending process " + entry.pid());
        }
        endAll(leftovers);
    }

    static void endAll(List<RunState.Entry> entries) {
        for (RunState.Entry entry : entries) {
            Spawner.signal(entry.pid(), entry.signal());
            Spawner.signal(entry.pid(), "CONT");
        }
        long patienceEnds = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        for (RunState.Entry entry : entries) {
            while (entry.isAlive()) {
                if (System.nanoTime() > patienceEnds) {
                    Spawner.signal(entry.pid(), "KILL");
                }
                pause();
            }
        }
    }

    private void choosePorts() throws IOException {
        Map<String, Integer> wanted = new LinkedHashMap<>();
        if (plan.names.contains(ServiceSpec.POSTGRES)) {
            wanted.put(ServiceSpec.POSTGRES, ServiceSpec.POSTGRES_PORT);
        }
        if (plan.names.contains(ServiceSpec.REDIS)) {
            wanted.put(ServiceSpec.REDIS, ServiceSpec.REDIS_PORT);
        }
        if (plan.names.contains(ServiceSpec.BROKER)) {
            wanted.put(ServiceSpec.BROKER, ServiceSpec.BROKER_PORT);
        }
        for (ServiceSpec service : services()) {
            wanted.put(service.name(), service.httpPort());
            wanted.put(management(service.name()), service.managementPort());
        }
        if (plan.freePorts) {
            chooseFree(wanted);
        } else {
            wanted.replaceAll((name, port) -> port + plan.portOffset);
            refuseTaken(wanted);
        }
        wanted.forEach((name, port) -> addresses.put(name, new Address("127.0.0.1", port)));
    }

    private static String management(String service) {
        return service + " management";
    }

    private static void chooseFree(Map<String, Integer> wanted) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (Map.Entry<String, Integer> entry : wanted.entrySet()) {
                ServerSocket socket = new ServerSocket(0, 1, LOOPBACK);
                held.add(socket);
                entry.setValue(socket.getLocalPort());
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static void refuseTaken(Map<String, Integer> wanted) {
        List<String> sentences = new ArrayList<>();
        wanted.forEach((name, port) -> {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(LOOPBACK, port));
            } catch (IOException taken) {
                String holder = Procfs.listenerOn(port)
                        .map(Procfs.Holder::sentence)
                        .orElse("somebody (" + taken.getMessage() + ")");
                sentences.add("Port " + port + " (" + name + ") is taken by " + holder + ".");
            } catch (IllegalArgumentException outside) {
                throw new StartException(
                        "Port " + port + " (" + name + ") does not exist: choose a smaller --port-offset.", outside);
            }
        });
        if (!sentences.isEmpty()) {
            throw new StartException(
                    String.join("\n", sentences) + "\nEnd that, or start Vitrina on other ports with --port-offset N.");
        }
    }

    private void startRedis(Binaries binaries) throws IOException {
        Address address = assigned(ServiceSpec.REDIS);
        ProcessSpec spec = new ProcessSpec(
                List.of(
                        binaries.redis().toString(),
                        "--port",
                        Integer.toString(address.port()),
                        "--bind",
                        address.host(),
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--maxmemory",
                        "64mb",
                        "--maxmemory-policy",
                        "allkeys-lru"),
                Map.of(),
                directory.resolve("run"),
                logFile(ServiceSpec.REDIS),
                "TERM",
                "KILL",
                ProcessSpec.Identity.SAME);
        add(ServiceSpec.REDIS, spec, address, 0, pid -> Probes.redisIsReady(address))
                .start();
    }

    private void startBroker() throws IOException {
        Address address = assigned(ServiceSpec.BROKER);
        Broker broker = Broker.choose(plan.project, directory.resolve(Broker.FOLDER), address);
        plan.progress.line(ServiceSpec.BROKER, broker.description());
        Map<String, Integer> erlang = new LinkedHashMap<>(Map.of(PORT_MAPPER, 0, "distribution", 0));
        chooseFree(erlang);
        int portMapper = Objects.requireNonNull(erlang.get(PORT_MAPPER));
        if (broker.isRabbit()) {
            Address mapper = new Address("127.0.0.1", portMapper);
            add(
                            PORT_MAPPER,
                            broker.portMapperSpec(portMapper, logFile(PORT_MAPPER)),
                            mapper,
                            0,
                            pid -> Probes.isOpen(mapper))
                    .start();
        }
        add(
                        ServiceSpec.BROKER,
                        broker.spec(
                                portMapper,
                                Objects.requireNonNull(erlang.get("distribution")),
                                logFile(ServiceSpec.BROKER)),
                        address,
                        0,
                        pid -> Probes.brokerIsReady(address))
                .start();
    }

    private void startPostgres(Binaries binaries) throws IOException, SQLException {
        Path home = binaries.postgres(plan.progress);
        Address address = assigned(ServiceSpec.POSTGRES);
        Postgres server =
                new Postgres(home, directory.resolve(Postgres.FOLDER), logFile(ServiceSpec.POSTGRES), address);
        postgres = server;
        server.initialise(plan.progress);
        Part part =
                add(ServiceSpec.POSTGRES, server.spec(), address, 0, pid -> Probes.postgresIsReady(server.data(), pid));
        part.start();
        await(part, PATIENCE_FOR_POSTGRES_START);
        server.createDatabases(services().stream()
                .filter(ServiceSpec::hasDatabase)
                .map(ServiceSpec::name)
                .toList());
    }

    private void migrate(Postgres server, List<ServiceSpec> services) {
        for (ServiceSpec service : services) {
            if (service.hasDatabase()) {
                Schema.of(
                                plan.project,
                                service,
                                Postgres.jdbcUrl(assigned(ServiceSpec.POSTGRES), service.name()),
                                server.password())
                        .bringUp(plan.progress);
            }
        }
    }

    private Part addService(ServiceSpec service) {
        Address http = assigned(service.name());
        Address management = assigned(management(service.name()));
        Map<String, String> environment = new HashMap<>();
        environment.put("QUARKUS_HTTP_HOST", http.host());
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(http.port()));
        environment.put("QUARKUS_MANAGEMENT_HOST", management.host());
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(management.port()));
        if (postgres != null && service.hasDatabase()) {
            Address database = seenBy(service.name(), ServiceSpec.POSTGRES);
            environment.put("QUARKUS_DATASOURCE_REACTIVE_URL", "postgresql://" + database + "/" + service.name());
            environment.put("QUARKUS_DATASOURCE_USERNAME", service.name());
            environment.put("QUARKUS_DATASOURCE_PASSWORD", postgres.password());
        }
        service.files()
                .forEach((variable, file) ->
                        environment.put(variable, directory.resolve(file).toString()));
        if (service.hasCache()) {
            environment.put("QUARKUS_REDIS_HOSTS", "redis://" + seenBy(service.name(), ServiceSpec.REDIS));
            environment.put("VITRINA_CACHE_TOPOLOGY", "sidecar");
        }
        if (service.hasBroker()) {
            Address broker = seenBy(service.name(), ServiceSpec.BROKER);
            environment.put("VITRINA_BROKER_HOST", broker.host());
            environment.put("VITRINA_BROKER_PORT", Integer.toString(broker.port()));
        }
        for (String callee : service.calls()) {
            environment.put(
                    service.urlVariable(callee), seenBy(service.name(), callee).url());
        }
        environment.putAll(plan.environments.getOrDefault(service.name(), Map.of()));
        ServiceProgram program = new ServiceProgram(plan.project, service);
        Path training = plan.trainings.get(service.name());
        List<String> options = new ArrayList<>(
                training == null ? AotCache.of(program).options() : List.of("-XX:AOTCacheOutput=" + training));
        options.addAll(plan.jvmOptions.getOrDefault(service.name(), List.of()));
        ProcessSpec spec = program.processSpec(environment, options, logFile(service.name()));
        return add(service.name(), spec, http, management.port(), pid -> Probes.serviceIsReady(management));
    }

    /** The callee's address as the caller is told it; a callee that does not run here is expected on its usual port. */
    private Address seenBy(String caller, String callee) {
        Address real = addresses.computeIfAbsent(
                callee,
                absent -> new Address(
                        "127.0.0.1",
                        plan.portOffset
                                + ServiceSpec.named(absent)
                                        .map(ServiceSpec::httpPort)
                                        .orElseGet(() -> ServiceSpec.portOfServer(absent))));
        return plan.detours
                .getOrDefault(caller + ">" + callee, UnaryOperator.identity())
                .apply(real);
    }

    private Part add(String name, ProcessSpec spec, Address address, int managementPort, LongPredicate probe) {
        if (closed) {
            throw new StartException("stopped while starting");
        }
        Part part = new Part(name, spec, address, managementPort, probe, clockwork, plan.progress, this::writeState);
        synchronized (parts) {
            parts.add(part);
        }
        return part;
    }

    private Path logFile(String name) {
        return directory.resolve("logs").resolve(name + ".log");
    }

    private Address assigned(String name) {
        return Objects.requireNonNull(addresses.get(name), name);
    }

    private Part part(String name) {
        return snapshot().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no part '" + name + "' in this stack"));
    }

    private List<Part> snapshot() {
        synchronized (parts) {
            return List.copyOf(parts);
        }
    }

    private static void await(Part part, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            switch (part.state()) {
                case READY, STOPPED -> {
                    return;
                }
                case DEAD ->
                    throw new StartException(part.name() + " ended before it was ready."
                            + Logs.lastWords(part.spec().log()));
                case STARTING, WAITING -> {
                    if (System.nanoTime() > end) {
                        throw new StartException(String.format(
                                        Locale.ROOT, "%s was not ready within %d s.", part.name(), patience.toSeconds())
                                + Logs.lastWords(part.spec().log()));
                    }
                    pause();
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
    }

    private static void endAtOnce(List<Part> parts, Duration patience) {
        List<Thread> threads = new ArrayList<>();
        for (Part part : parts) {
            threads.add(Thread.ofPlatform().start(() -> part.end(part.spec().stopSignal(), patience)));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                parts.forEach(part -> part.end("KILL", patience));
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
                    RunState.LAUNCHER, self, Procfs.startTicks(self), "TERM", PartState.READY, plan.portOffset, 0, 0));
            entries.add(new RunState.Entry(
                    "guard", guard.pid(), Procfs.startTicks(guard.pid()), "KILL", PartState.READY, 0, 0, 0));
            parts.forEach(part -> entries.add(part.entry()));
            new RunState(entries).write(stateFile(directory));
        }
    }
}

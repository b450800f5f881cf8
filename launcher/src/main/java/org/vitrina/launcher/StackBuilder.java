package org.vitrina.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.vitrina.launcher.spec.Server;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;

/** What of a {@link Stack} to start and how; every setting has a default. */
public final class StackBuilder {
    static final String REGISTRY = "registry";

    private static final int MOST_REPLICAS = 9;

    private final Path project;
    private final Services services;
    private Path directory;
    private List<String> names;
    private int portOffset;
    private boolean freePorts = true;
    private boolean supervised;
    private boolean migrated = true;
    private Progress progress = Progress.SILENT;
    private Duration timeout = Duration.ofSeconds(30);
    private boolean discovered;
    private boolean authenticated;
    private final Map<String, Integer> replicas = new HashMap<>();
    private final Map<String, Path> trainings = new HashMap<>();
    private final Map<String, Map<String, String>> environments = new HashMap<>();
    private final Map<String, List<String>> jvmOptions = new HashMap<>();
    private final Map<String, UnaryOperator<Address>> detours = new HashMap<>();

    StackBuilder(Path project) {
        this.project = project;
        this.directory = project.resolve(".vitrina");
        this.services = Services.of(project);
        this.names = services.usualPartNames();
    }

    /** Where data, logs and run state live; kept when the stack closes. Default {@code .vitrina} in the project. */
    public StackBuilder directory(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
        return this;
    }

    /** Only these parts, and PostgreSQL, Redis and the broker where one of them needs it. Default: all that are not optional. */
    public StackBuilder only(List<String> partNames) {
        for (String name : partNames) {
            if (!services.partNames().contains(name)) {
                throw new StartException(
                        "There is no part '" + name + "'; there are " + String.join(", ", services.partNames()) + ".");
            }
        }
        List<String> wanted = new ArrayList<>(partNames);
        for (ServiceSpec service : services.all()) {
            if (partNames.contains(service.name())) {
                service.uses().forEach(server -> wanted.add(server.partName()));
            }
        }
        this.names = services.partNames().stream().filter(wanted::contains).toList();
        return this;
    }

    /** As {@link #only(List)}. */
    public StackBuilder only(String... partNames) {
        return only(List.of(partNames));
    }

    /** The ports of {@code service.yaml} and {@link Server}, each raised by the offset; the broker's may move to the next free one. */
    public StackBuilder fixedPorts(int offset) {
        this.freePorts = false;
        this.portOffset = offset;
        return this;
    }

    /** Services find each other by the registry, which is started too. Default: by fixed addresses. */
    public StackBuilder discovery() {
        this.discovered = true;
        List<String> wanted = new ArrayList<>(names);
        wanted.addAll(List.of(REGISTRY, Server.REDIS.partName()));
        this.names = services.partNames().stream().filter(wanted::contains).toList();
        return this;
    }

    /** Everybody asks who is there, by the install's own key ({@code vitrina.auth=demo}). Default: nobody does. */
    public StackBuilder authenticated() {
        this.authenticated = true;
        return this;
    }

    /**
     * So many processes of the service, the second named as {@code cart-2}: callers share themselves out among them with {@link
     * #discovery} only, or where {@link #between} puts something between.
     */
    public StackBuilder replicas(String service, int count) {
        if (services.named(service).isEmpty() || !names.contains(service) || count < 1 || count > MOST_REPLICAS) {
            throw new StartException("There are no " + count + " replicas of '" + service + "': say a service that is"
                    + " started, and 1 to " + MOST_REPLICAS + ", such as cart=3.");
        }
        replicas.put(service, count);
        return this;
    }

    /** Free ports chosen at the start; the default. */
    public StackBuilder freePorts() {
        this.freePorts = true;
        return this;
    }

    /** An environment variable of a service's process, over what the stack sets itself. */
    public StackBuilder environment(String service, String variable, String value) {
        environments.computeIfAbsent(service, any -> new HashMap<>()).put(variable, value);
        return this;
    }

    /** Each service sends its traces to this collector, as OTLP over HTTP; the share is of what no caller has decided on. */
    public StackBuilder traces(URI collector, double share) {
        for (ServiceSpec service : services.all()) {
            environment(service.name(), "VITRINA_TRACES_URL", collector.toString());
            environment(service.name(), "VITRINA_TRACES_SHARE", Double.toString(share));
        }
        return this;
    }

    /** Further options of a service's JVM (heap size, {@code -Dkey=value}), after those of the stack. */
    public StackBuilder jvm(String service, String... options) {
        jvmOptions.computeIfAbsent(service, any -> new ArrayList<>()).addAll(List.of(options));
        return this;
    }

    /**
     * Puts something between two parts: {@code caller} is told the address that {@code detour} answers instead of the
     * real one of {@code callee}. Called once, before the caller's process starts.
     *
     * @param callee a service, {@code postgres}, {@code redis} or {@code broker}
     */
    public StackBuilder between(String caller, String callee, UnaryOperator<Address> detour) {
        detours.put(caller + ">" + callee, detour);
        return this;
    }

    /** Starts a part that died again, with back-off, once all have been ready. Default: not. */
    public StackBuilder supervised(boolean supervised) {
        this.supervised = supervised;
        return this;
    }

    /** Whether the databases' schemas are brought up to date at the start. Default: yes. */
    public StackBuilder migrated(boolean migrated) {
        this.migrated = migrated;
        return this;
    }

    /** How long a part may take to end when asked, before it is killed. Default 30 s. */
    public StackBuilder timeout(Duration timeout) {
        this.timeout = timeout;
        return this;
    }

    /** The service writes a new AOT cache into the file as it ends, instead of using the one it has. */
    StackBuilder training(String service, Path cache) {
        trainings.put(service, cache);
        return this;
    }

    /** Who is told what happens. Default: nobody. */
    public StackBuilder progress(Progress progress) {
        this.progress = progress;
        return this;
    }

    /**
     * Starts everything and returns as soon as all processes run and the schemas are up to date; {@link Stack#awaitReady}
     * waits until they answer.
     *
     * @throws StartException when something prevents it; nothing is left running then
     */
    public Stack start() {
        Stack stack = prepare();
        stack.startAll();
        return stack;
    }

    /** The stack before its start, so that another thread can close it while it starts. */
    Stack prepare() {
        return new Stack(this);
    }

    Path project() {
        return project;
    }

    Path directory() {
        return directory;
    }

    Services services() {
        return services;
    }

    boolean has(Server server) {
        return names.contains(server.partName());
    }

    /** The services to start, those that are called first. */
    List<ServiceSpec> wantedServices() {
        return services.all().stream()
                .filter(service -> names.contains(service.name()))
                .toList();
    }

    boolean isAuthenticated() {
        return authenticated;
    }

    boolean isDiscovered() {
        return discovered;
    }

    /** The parts that run a service: {@code cart}, {@code cart-2}, {@code cart-3}. */
    List<String> partsOf(ServiceSpec service) {
        List<String> parts = new ArrayList<>(List.of(service.name()));
        for (int number = 2; number <= replicas.getOrDefault(service.name(), 1); number++) {
            parts.add(service.name() + "-" + number);
        }
        return parts;
    }

    /** The service that a part runs, where it is a further replica of one; else its own name. */
    static String serviceOf(String part) {
        return part.replaceFirst("-[2-9]$", "");
    }

    /** Whether the part runs a service, and is no server. */
    boolean isService(String part) {
        return services.named(serviceOf(part)).isPresent();
    }

    int portOffset() {
        return portOffset;
    }

    boolean hasFreePorts() {
        return freePorts;
    }

    boolean isSupervised() {
        return supervised;
    }

    boolean isMigrated() {
        return migrated;
    }

    Duration timeout() {
        return timeout;
    }

    Progress progress() {
        return progress;
    }

    @Nullable
    Path trainingOf(String service) {
        return trainings.get(service);
    }

    Map<String, String> environmentOf(String service) {
        return environments.getOrDefault(service, Map.of());
    }

    List<String> jvmOptionsOf(String service) {
        return jvmOptions.getOrDefault(service, List.of());
    }

    UnaryOperator<Address> detourBetween(String caller, String callee) {
        return detours.getOrDefault(caller + ">" + callee, UnaryOperator.identity());
    }
}

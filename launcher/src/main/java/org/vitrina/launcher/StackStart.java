package org.vitrina.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vitrina.launcher.spec.Server;
import org.vitrina.launcher.spec.ServiceSpec;

/** Starts the parts of a stack in their order: servers, what the page is made of, the broker, the rest; and brings schemas up. */
final class StackStart {
    private static final Duration POSTGRES_MAY_TAKE = Duration.ofSeconds(60);
    private static final Duration PAGE_MAY_TAKE = Duration.ofMinutes(2);

    private static final String POSTGRES = Server.POSTGRES.partName();
    private static final String REDIS = Server.REDIS.partName();
    private static final String BROKER = Server.BROKER.partName();

    /** Erlang's, beside RabbitMQ; no part that anybody asks for. */
    private static final String PORT_MAPPER = "epmd";

    private final StackBuilder plan;
    private final Stack stack;
    private final Ports ports;
    private final Path directory;
    private @Nullable Postgres postgres;
    private @Nullable Broker broker;

    StackStart(StackBuilder plan, Stack stack, Ports ports) {
        this.plan = plan;
        this.stack = stack;
        this.ports = ports;
        this.directory = plan.directory();
    }

    void run() throws IOException, SQLException {
        Binaries binaries = new Binaries(plan.project().resolve(".vitrina/bin"), directory.resolve("bin"));
        if (plan.has(Server.REDIS)) {
            startRedis(binaries);
        }
        if (plan.has(Server.POSTGRES)) {
            startPostgres(binaries);
        }
        if (plan.has(Server.BROKER)) {
            broker = Broker.choose(plan.project(), directory.resolve(Broker.FOLDER), ports.of(BROKER));
        }
        startServices(
                plan.wantedServices().stream().filter(StackStart::isRegistry).toList());
        // whoever waits looks at the page first: nothing else takes processors from it until it is there
        List<ServiceSpec> page =
                plan.wantedServices().stream().filter(ServiceSpec::isOfThePage).toList();
        List<ServiceSpec> rest = plan.wantedServices().stream()
                .filter(service -> !service.isOfThePage() && !isRegistry(service))
                .toList();
        startServices(page);
        if (!page.isEmpty() && !rest.isEmpty()) {
            page.forEach(service -> stack.awaitReady(service.name(), PAGE_MAY_TAKE));
            String there = page.stream()
                    .filter(ServiceSpec::isFront)
                    .map(front -> "the page is there, " + ports.of(front.name()).url() + front.lookAt())
                    .findFirst()
                    .orElse("what a page is made of is ready");
            plan.progress().line("vitrina", there + "; now the rest");
        }
        if (broker != null) {
            startBroker(broker);
        }
        startServices(rest);
    }

    /** JDBC URL of a service's own database, with user and password as parameters. */
    String jdbcUrl(String service) {
        Postgres server = Objects.requireNonNull(postgres, "no PostgreSQL in this stack");
        return Postgres.jdbcUrl(ports.of(POSTGRES), service) + "?user=" + service + "&password=" + server.password();
    }

    private void startRedis(Binaries binaries) throws IOException {
        Address address = ports.of(REDIS);
        List<String> command = new ArrayList<>(List.of(binaries.redis().toString()));
        command.addAll(List.of("--port", Integer.toString(address.port()), "--bind", address.host()));
        command.addAll(List.of("--save", "", "--appendonly", "no"));
        command.addAll(List.of("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lfu"));
        ProcessSpec spec = new ProcessSpec(
                command, Map.of(), directory.resolve("run"), log(REDIS), "TERM", "KILL", ProcessSpec.Identity.SAME);
        stack.add(REDIS, spec, address, 0, pid -> Probes.redisIsReady(address)).start();
    }

    private void startBroker(Broker chosen) throws IOException {
        Address address = ports.of(BROKER);
        plan.progress().line(BROKER, chosen.description());
        Address mapper = Ports.free();
        if (chosen.isRabbit()) {
            stack.add(
                            PORT_MAPPER,
                            chosen.portMapperSpec(mapper.port(), log(PORT_MAPPER)),
                            mapper,
                            0,
                            pid -> Probes.isOpen(mapper))
                    .start();
        }
        ProcessSpec spec =
                chosen.spec(mapper.port(), Ports.free().port(), plan.services().all(), log(BROKER));
        stack.add(BROKER, spec, address, 0, pid -> Probes.brokerIsReady(address))
                .start();
    }

    private void startPostgres(Binaries binaries) throws IOException, SQLException {
        Path home = binaries.postgres(plan.progress());
        Address address = ports.of(POSTGRES);
        Postgres server = new Postgres(home, directory.resolve(Postgres.FOLDER), log(POSTGRES), address);
        postgres = server;
        server.initialise(plan.progress());
        stack.add(POSTGRES, server.spec(), address, 0, pid -> Probes.postgresIsReady(server.data(), pid))
                .start();
        stack.awaitReady(POSTGRES, POSTGRES_MAY_TAKE);
        server.createDatabases(plan.wantedServices().stream()
                .filter(ServiceSpec::hasDatabase)
                .map(ServiceSpec::name)
                .toList());
    }

    private void startServices(List<ServiceSpec> services) {
        for (ServiceSpec service : services) {
            for (String part : plan.partsOf(service)) {
                Address management = ports.managementAddressOf(part);
                stack.add(
                                part,
                                processOf(service, part),
                                ports.of(part),
                                management.port(),
                                pid -> Probes.serviceIsReady(management))
                        .start();
            }
        }
        if (plan.isMigrated() && postgres != null) {
            for (ServiceSpec service : services) {
                migrate(service, postgres);
            }
        }
    }

    private void migrate(ServiceSpec service, Postgres server) {
        if (service.hasDatabase()) {
            String url = Postgres.jdbcUrl(ports.of(POSTGRES), service.name());
            Schema.of(plan.project(), service, url, server.password()).bringUp(plan.progress());
        }
    }

    private static boolean isRegistry(ServiceSpec service) {
        return service.name().equals(StackBuilder.REGISTRY);
    }

    private ProcessSpec processOf(ServiceSpec service, String part) {
        ServiceProgram program = new ServiceProgram(plan.project(), service);
        Path training = plan.trainingOf(service.name());
        List<String> options = new ArrayList<>(
                training == null ? AotCache.of(program).options() : List.of("-XX:AOTCacheOutput=" + training));
        options.addAll(plan.jvmOptionsOf(service.name()));
        return program.processSpec(environmentOf(service, part), options, log(part));
    }

    private Map<String, String> environmentOf(ServiceSpec service, String part) {
        String name = service.name();
        Address http = ports.of(part);
        Address management = ports.managementAddressOf(part);
        Map<String, String> environment = new HashMap<>();
        environment.put("QUARKUS_HTTP_HOST", http.host());
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(http.port()));
        environment.put("QUARKUS_MANAGEMENT_HOST", management.host());
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(management.port()));
        if (postgres != null && service.hasDatabase()) {
            environment.put(
                    "QUARKUS_DATASOURCE_REACTIVE_URL", "postgresql://" + ports.seenBy(name, POSTGRES) + "/" + name);
            environment.put("QUARKUS_DATASOURCE_USERNAME", name);
            environment.put("QUARKUS_DATASOURCE_PASSWORD", postgres.password());
        }
        service.files()
                .forEach(file -> environment.put(
                        file.variable(), directory.resolve(file.local()).toString()));
        if (service.usesRedis()) {
            environment.put("QUARKUS_REDIS_HOSTS", "redis://" + ports.seenBy(name, REDIS));
        }
        if (service.hasCache()) {
            environment.put("VITRINA_CACHE_TOPOLOGY", "sidecar");
        }
        if (service.hasBroker()) {
            Address reachedAt = ports.seenBy(name, BROKER);
            environment.put("VITRINA_BROKER_HOST", reachedAt.host());
            environment.put("VITRINA_BROKER_PORT", Integer.toString(reachedAt.port()));
            if (broker != null) {
                environment.putAll(broker.logIn(service));
            }
        }
        if (service.isFront()) {
            // everything is on this machine, and whoever is here keeps the shop
            environment.put("VITRINA_BFF_KEEPER", "true");
        }
        for (String callee : service.calls()) {
            environment.put(
                    service.urlVariable(callee),
                    isFound(callee)
                            ? "stork://" + callee
                            : ports.seenBy(name, callee).url());
        }
        if (plan.isDiscovered() && !isRegistry(service)) {
            environment.put("VITRINA_DISCOVERY", "registry");
            environment.put("VITRINA_DISCOVERY_REGISTRIES", registriesSeenBy(name));
            environment.put("VITRINA_DISCOVERY_ID", part);
        }
        if (plan.isAuthenticated()) {
            authenticate(service, environment);
        }
        // everything listens on this machine only, and trying what breaks is what a local run is for
        environment.put("VITRINA_FAULTS_ENABLED", "true");
        if (service.isFront()) {
            environment.put("VITRINA_BFF_OPS_SERVICES", managementAddresses());
            // what products itself can do, to be tried on /ops/experiments/page
            environment.put("VITRINA_EXPERIMENTS_VARIANTS", "products/newest");
            if (plan.has(Server.REDIS)) {
                environment.put("VITRINA_SESSION_REDIS_URL", "redis://" + ports.seenBy(name, REDIS));
            }
            if (plan.partsOf(service).size() > 1) {
                environment.put("VITRINA_BFF_OPS_REPLICAS", replicaAddresses(service));
            }
        }
        environment.putAll(plan.environmentOf(name));
        if (!part.equals(name)) {
            environment.putAll(plan.environmentOf(part));
        }
        return environment;
    }

    /** All of the registry's replicas: who registers does so with each, and a watcher passes over one that does not answer. */
    private String registriesSeenBy(String caller) {
        return plan.services().named(StackBuilder.REGISTRY).map(plan::partsOf).orElseThrow().stream()
                .map(part -> part.equals(StackBuilder.REGISTRY) ? ports.seenBy(caller, part) : ports.of(part))
                .map(Address::url)
                .collect(Collectors.joining(","));
    }

    private void authenticate(ServiceSpec service, Map<String, String> environment) {
        InstallKey key = InstallKey.of(directory);
        environment.put("VITRINA_AUTH", "demo");
        environment.put("VITRINA_IDENTITY_SIGNING_KEY", key.signingKey().toString());
        if (service.isFront()) {
            environment.put("VITRINA_SESSION_KEYS", key.sessionKey());
        }
    }

    /** Where the page of faults reaches each service that runs: {@code name=url}, blanks between. */
    private String managementAddresses() {
        return plan.wantedServices().stream()
                .map(each -> each.name() + "="
                        + ports.managementAddressOf(each.name()).url())
                .collect(Collectors.joining(" "));
    }

    /** Where its page asks how each replica fares, this one too. */
    private String replicaAddresses(ServiceSpec service) {
        return plan.partsOf(service).stream().map(part -> ports.of(part).url()).collect(Collectors.joining(","));
    }

    /** By the registry: what stands in for a stranger does not register. */
    private boolean isFound(String callee) {
        return plan.isDiscovered()
                && plan.services()
                        .named(callee)
                        .filter(service -> service.standIn().isEmpty())
                        .isPresent();
    }

    private Path log(String part) {
        return InstanceFolder.log(directory, part);
    }
}

package org.vitrina.e2e.orders;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrina.e2e.BrokerUsers;
import org.vitrina.migrations.DatabaseAddress;
import org.vitrina.servers.BrokerServer;
import org.vitrina.servers.PostgresServer;

/** Everything that an order passes through, as real processes: PostgreSQL, the broker, the services, the SMS provider. */
final class OrderStack implements AutoCloseable {
    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    /** How long what died or froze may take until it is ready again, on a machine that is busy with everything else. */
    static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** Leases of the test profile: what a dead or frozen process held is free after this. */
    static final Duration LEASE = Duration.ofSeconds(1);

    private static final List<String> WITH_DATABASE =
            List.of("products", "inventory", "wallet", "orders", "notifications", "cart", "favorites", "predictions");

    private final List<PostgresServer> databases = new ArrayList<>();
    private final List<BrokerServer> brokers;
    private PostgresServer postgres;
    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final Path logs;
    private final Map<String, String> ofAll;
    private final CrashPoints crashPoints;
    private final Path sms;
    private final Http http = new Http();

    OrderStack(Path folder) {
        this(folder, Map.of());
    }

    /** @param ofAll settings of every service, but for those that are another's own by their names */
    OrderStack(Path folder, Map<String, String> ofAll) {
        this(folder, ofAll, Engines.ONE_OF_EACH);
    }

    /** What the state of the services is in. */
    enum Engines {
        ONE_OF_EACH,
        /** A PostgreSQL with a synchronous replica. */
        REPLICA,
        /** Three nodes of RabbitMQ, with quorum queues. */
        NODES
    }

    OrderStack(Path folder, Map<String, String> ofAll, Engines engines) {
        this.postgres = PostgresServer.start(Map.of("max_connections", "200"));
        databases.add(postgres);
        if (engines == Engines.REPLICA) {
            databases.add(postgres.startReplica());
        }
        this.brokers = engines == Engines.NODES ? BrokerUsers.startCluster(3) : List.of(BrokerUsers.start());
        this.ofAll = ofAll;
        this.logs = fresh(folder.resolve("logs"));
        this.crashPoints = new CrashPoints(fresh(folder.resolve("crash-points")));
        this.sms = fresh(folder.resolve("sms")).resolve("sent.jsonl");
        add("products", Map.of());
        add("inventory", Map.of("vitrina.inventory.reservations.expiry-every", "1s"));
        add("wallet", Map.of());
        add("sms-gateway", Map.of("vitrina.sms.file", sms.toString()));
        add("notifications", notificationsSettings());
        add("orders", ordersSettings());
        programs.values().forEach(Program::start);
        programs.values().forEach(this::awaitReady);
    }

    /** Starts services that are no part of every stack, at once; they are not waited for. */
    void startBeside(Map<String, Map<String, String>> settings) {
        settings.forEach(this::add);
        settings.keySet().forEach(service -> program(service).start());
    }

    private Map<String, String> ordersSettings() {
        Map<String, String> settings = brokerSettings("orders");
        for (String dependency : List.of("products", "inventory", "wallet", "notifications")) {
            settings.put(
                    "vitrina.orders." + dependency + ".url", program(dependency).url());
            settings.put("vitrina.orders." + dependency + ".reset-interval", "500ms");
        }
        settings.put("vitrina.orders.saga.lease", millis(LEASE));
        settings.put("vitrina.orders.saga.longest-pause", "1s");
        return settings;
    }

    private Map<String, String> notificationsSettings() {
        Map<String, String> settings = brokerSettings("notifications");
        settings.put(
                "vitrina.notifications.sms-gateway.url", program("sms-gateway").url());
        // asking and sending together stay within the lease
        settings.put("vitrina.notifications.sms-gateway.timeout", "300ms");
        settings.put("vitrina.notifications.sms-gateway.reset-interval", "500ms");
        settings.put("vitrina.notifications.lease", millis(LEASE));
        settings.put("vitrina.notifications.longest-pause", "1s");
        settings.put("vitrina.queues.lease", millis(LEASE));
        settings.put("vitrina.queues.first-pause", "200ms");
        settings.put("vitrina.queues.longest-pause", "1s");
        return settings;
    }

    Map<String, String> brokerSettings(String service) {
        Map<String, String> settings = new HashMap<>(BrokerUsers.settings(broker(), service));
        settings.put(
                "vitrina.broker.host",
                brokers.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(",")));
        settings.put("vitrina.broker.longest-pause", "500ms");
        if (WITH_DATABASE.contains(service)) {
            settings.put("vitrina.outbox.lease", millis(LEASE));
        }
        return settings;
    }

    private void add(String service, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        ofAll.forEach((key, value) -> {
            if (WITH_DATABASE.stream()
                    .noneMatch(other -> !other.equals(service) && key.startsWith("vitrina." + other + "."))) {
                settings.putIfAbsent(key, value);
            }
        });
        if (WITH_DATABASE.contains(service)) {
            DatabaseAddress database = postgres.createDatabase(service, changeLog(service));
            settings.put("quarkus.datasource.reactive.url", urlOf(service));
            settings.put("quarkus.datasource.username", database.user());
            settings.put("quarkus.datasource.password", database.password());
        }
        Map<String, String> environment =
                Map.of("VITRINA_CRASH_POINTS", crashPoints.folder().toString());
        programs.put(service, new Program(PROJECT, logs, service, settings, environment));
    }

    Program program(String service) {
        Program program = programs.get(service);
        if (program == null) {
            throw new IllegalArgumentException("no " + service + " in " + programs.keySet());
        }
        return program;
    }

    List<Program> programs() {
        return List.copyOf(programs.values());
    }

    /** The one that takes changes. */
    PostgresServer postgres() {
        return postgres;
    }

    /** Makes the replica the one that takes changes, which it is when this returns; nothing is done for the services. */
    void promoteReplica() {
        postgres = databases.getLast();
        postgres.promote();
    }

    /** The database of a service as its migrations are told: all servers that have it, or may have it tomorrow. */
    DatabaseAddress database(String service) {
        return new DatabaseAddress(urlOf(service), service, service + "-secret");
    }

    private String urlOf(String service) {
        return databases.stream()
                .map(server -> "postgresql://127.0.0.1:" + server.port() + "/" + service)
                .collect(Collectors.joining(","));
    }

    static Path changeLog(String service) {
        return PROJECT.resolve("services").resolve(service).resolve("src/main/resources/db/changelog");
    }

    BrokerServer broker() {
        return brokers.getFirst();
    }

    List<BrokerServer> brokers() {
        return brokers;
    }

    CrashPoints crashPoints() {
        return crashPoints;
    }

    /** What the provider has accepted, a line each. */
    List<String> sentMessages() {
        try (Stream<String> lines = Files.exists(sms) ? Files.lines(sms) : Stream.of()) {
            return lines.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the service says of its own books. */
    JsonNode audit(String service) {
        Http.Answer answer = http.get(program(service).url() + "/ops/audit");
        if (answer.status() != 200) {
            throw new IllegalStateException("no audit of " + service + ": " + answer);
        }
        return answer.json();
    }

    /** Waits until the process answers as ready; starts it again if it could not stay. */
    void awaitReady(Program program) {
        await(program.name())
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!program.isAlive()) {
                        program.start();
                    }
                    return program.isReady();
                });
    }

    /** Ends every freeze, starts what is not running, and waits until all of it is ready. */
    void heal() {
        for (Program program : programs.values()) {
            if (program.isFrozen()) {
                program.thaw();
            }
            awaitReady(program);
        }
    }

    /** The last lines of every log, for a failed test. */
    String lastWords() {
        List<String> words = new ArrayList<>();
        programs.values().forEach(program -> words.add("== " + program.name() + "\n" + program.lastWords()));
        return String.join("\n", words);
    }

    @Override
    public void close() {
        programs.values().forEach(Program::kill);
        brokers.reversed().forEach(BrokerServer::close);
        databases.reversed().forEach(PostgresServer::close);
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }

    private static Path fresh(Path folder) {
        try {
            if (Files.exists(folder)) {
                try (Stream<Path> old = Files.walk(folder)) {
                    for (Path path : old.sorted((a, b) -> b.compareTo(a)).toList()) {
                        Files.delete(path);
                    }
                }
            }
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

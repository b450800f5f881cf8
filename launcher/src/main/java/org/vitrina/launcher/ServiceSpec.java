package org.vitrina.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the launcher must know of a service: its ports (docs/contracts.md), what it works with, whom it calls. */
record ServiceSpec(String name, int httpPort, Set<Server> servers, List<String> calls) {
    static final String POSTGRES = "postgres";
    static final String REDIS = "redis";
    static final String BROKER = "broker";
    /** The folder of the versions of the model. */
    static final String MODELS = "models";

    static final int POSTGRES_PORT = 15432;
    static final int REDIS_PORT = 16379;
    static final int BROKER_PORT = 15672;
    private static final int MANAGEMENT_OFFSET = 10_000;
    private static final Set<String> PAGE = Set.of("bff", "products", "inventory", "favorites", "cart");

    private static final Set<String> REDRIVING = Set.of("notifications", "predictions");

    /** Those that are called first; the one that calls the others comes last and is stopped first. */
    static final List<ServiceSpec> ALL = List.of(
            new ServiceSpec("products", 8000, Set.of(Server.POSTGRES, Server.BROKER), List.of()),
            new ServiceSpec("inventory", 8001, Set.of(Server.POSTGRES), List.of()),
            new ServiceSpec("favorites", 8002, Set.of(Server.POSTGRES), List.of()),
            new ServiceSpec("cart", 8003, Set.of(Server.POSTGRES), List.of()),
            new ServiceSpec("wallet", 8005, Set.of(Server.POSTGRES), List.of()),
            new ServiceSpec(
                    "orders", 8004, Set.of(Server.POSTGRES, Server.BROKER), List.of("products", "inventory", "wallet")),
            new ServiceSpec("sms-gateway", 8030, Set.of(), List.of()),
            new ServiceSpec("notifications", 8006, Set.of(Server.POSTGRES, Server.BROKER), List.of("sms-gateway")),
            new ServiceSpec("metrics", 8012, Set.of(Server.POSTGRES, Server.BROKER), List.of()),
            new ServiceSpec("predictions", 8007, Set.of(Server.POSTGRES, Server.REDIS, Server.BROKER), List.of()),
            new ServiceSpec("model", 8011, Set.of(Server.BROKER), List.of()),
            new ServiceSpec("features", 8010, Set.of(Server.BROKER), List.of()),
            new ServiceSpec(
                    "bff",
                    9000,
                    Set.of(Server.REDIS),
                    List.of(
                            "products",
                            "inventory",
                            "favorites",
                            "cart",
                            "orders",
                            "wallet",
                            "notifications",
                            "predictions")));

    /** What a service may work with; one that only hands messages on has a broker and no database. */
    enum Server {
        POSTGRES,
        REDIS,
        BROKER
    }

    /** Whether {@code GET /products/all} is made of it. */
    boolean isOfThePage() {
        return PAGE.contains(name);
    }

    boolean hasDatabase() {
        return servers.contains(Server.POSTGRES);
    }

    boolean hasCache() {
        return servers.contains(Server.REDIS);
    }

    /** Whether it takes its dead letters up again when asked; others read no queue, or keep theirs for a look only. */
    boolean redrives() {
        return REDRIVING.contains(name);
    }

    boolean hasBroker() {
        return servers.contains(Server.BROKER);
    }

    /** The environment variables that name a file or folder of the service's own, with its place in the instance's folder. */
    Map<String, String> files() {
        return switch (name) {
            case "sms-gateway" -> Map.of("VITRINA_SMS_FILE", "sms/accepted.jsonl");
            case "metrics" -> Map.of("VITRINA_METRICS_LOG_FILE", "logs/labels_log.txt");
            case "model" -> Map.of("VITRINA_MODEL_DIRECTORY", MODELS);
            default -> Map.of();
        };
    }

    int managementPort() {
        return httpPort + MANAGEMENT_OFFSET;
    }

    /** The environment variable by which this service is told where another one is. */
    String urlVariable(String callee) {
        return ("VITRINA_" + name + "_" + callee + "_URL")
                .toUpperCase(Locale.ROOT)
                .replace('-', '_');
    }

    static Optional<ServiceSpec> named(String name) {
        return ALL.stream().filter(spec -> spec.name.equals(name)).findFirst();
    }

    /** The usual port of PostgreSQL, Redis or the broker. */
    static int portOfServer(String name) {
        return switch (name) {
            case POSTGRES -> POSTGRES_PORT;
            case REDIS -> REDIS_PORT;
            case BROKER -> BROKER_PORT;
            default -> throw new IllegalArgumentException("no server '" + name + "'");
        };
    }

    /** Every name that {@code --only} understands. */
    static List<String> partNames() {
        List<String> names = new ArrayList<>(List.of(POSTGRES, REDIS, BROKER));
        ALL.forEach(spec -> names.add(spec.name));
        return names;
    }
}

package org.vitrina.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the launcher must know of a service: its ports (CONTRACTS "Ports"), whether it has a database, whom it calls. */
record ServiceSpec(String name, int httpPort, boolean hasDatabase, boolean hasCache, List<String> calls) {
    static final String POSTGRES = "postgres";
    static final String REDIS = "redis";
    static final int POSTGRES_PORT = 15432;
    static final int REDIS_PORT = 16379;
    private static final int MANAGEMENT_OFFSET = 10_000;

    /** In the order of their ports; the one that calls the others comes last and is stopped first. */
    static final List<ServiceSpec> ALL = List.of(
            new ServiceSpec("products", 8000, true, false, List.of()),
            new ServiceSpec("inventory", 8001, true, false, List.of()),
            new ServiceSpec("favorites", 8002, true, false, List.of()),
            new ServiceSpec("cart", 8003, true, false, List.of()),
            new ServiceSpec("bff", 9000, false, true, List.of("products", "inventory", "favorites", "cart")));

    int managementPort() {
        return httpPort + MANAGEMENT_OFFSET;
    }

    /** The environment variable by which this service is told where another one is. */
    String urlVariable(String callee) {
        return "VITRINA_" + name.toUpperCase(Locale.ROOT) + "_" + callee.toUpperCase(Locale.ROOT) + "_URL";
    }

    static Optional<ServiceSpec> named(String name) {
        return ALL.stream().filter(spec -> spec.name.equals(name)).findFirst();
    }

    /** Every name that {@code --only} understands. */
    static List<String> partNames() {
        List<String> names = new ArrayList<>(List.of(POSTGRES, REDIS));
        ALL.forEach(spec -> names.add(spec.name));
        return names;
    }
}

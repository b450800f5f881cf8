package org.vitrina.e2e;

import static org.vitrina.e2e.Expected.PRODUCTS_BUDGET;
import static org.vitrina.e2e.Expected.complete;
import static org.vitrina.e2e.Expected.first;
import static org.vitrina.e2e.Faults.BIG_BODY;
import static org.vitrina.e2e.Faults.ERRORS;
import static org.vitrina.e2e.Faults.FLAPPING;
import static org.vitrina.e2e.Faults.HANGS;
import static org.vitrina.e2e.Faults.HANGS_AFTER_HEADERS;
import static org.vitrina.e2e.Faults.LATE;
import static org.vitrina.e2e.Faults.LOADING;
import static org.vitrina.e2e.Faults.OOM;
import static org.vitrina.e2e.Faults.READ_ONLY;
import static org.vitrina.e2e.Faults.TOO_MANY_CONNECTIONS;
import static org.vitrina.e2e.Page.COMPLETE;
import static org.vitrina.e2e.Page.stale;
import static org.vitrina.e2e.Page.without;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vitrina.testing.proxy.Fault;
import org.vitrina.testing.proxy.FaultProxy;

/** One fault of one part, and what both BFFs show; null where it means nothing to that one. */
record Cell(
        MatrixTable table,
        String part,
        String fault,
        Disturbance disturbance,
        @Nullable Expected off,
        @Nullable Expected cached) {
    static final MatrixTable SERVICES = new MatrixTable("Services", List.copyOf(Faults.OF_SERVICES.keySet()));
    static final MatrixTable DATABASES =
            new MatrixTable("PostgreSQL of a service", Faults.rowsOfStreams(TOO_MANY_CONNECTIONS, READ_ONLY));
    static final MatrixTable REDIS = new MatrixTable("Redis", Faults.rowsOfStreams(LOADING, OOM));

    /** With a copy at hand nobody waits longer than {@code vitrina.cache.wait-for-fresh}; the rest of the page comes on top. */
    private static final Duration WITH_A_COPY = Duration.ofMillis(200);

    /** A fault of a service behind the BFF. */
    static Cell ofService(Store store, String part, String fault) {
        Disturbance disturbance =
                Disturbance.of(store.proxy(part), Objects.requireNonNull(Faults.OF_SERVICES.get(fault)));
        boolean hangs = fault.equals(HANGS) || fault.equals(HANGS_AFTER_HEADERS);
        if (fault.equals(LATE)) {
            boolean copied = part.equals("products") || part.equals("inventory");
            Expected cached = copied ? first(stale(part), COMPLETE).within(WITH_A_COPY) : complete();
            return new Cell(SERVICES, part, fault, disturbance, complete(), cached);
        }
        if (part.equals("products")) {
            Expected cached = hangs ? first(stale(part)).within(WITH_A_COPY) : first(stale(part));
            Expected off = hangs
                    ? first("504").open("503").within(PRODUCTS_BUDGET)
                    : first("500").open("503");
            return switch (fault) {
                case ERRORS ->
                    new Cell(
                            SERVICES,
                            part,
                            fault,
                            disturbance,
                            complete().also("500"),
                            complete().also(stale(part)));
                case FLAPPING ->
                    new Cell(
                            SERVICES,
                            part,
                            fault,
                            disturbance,
                            first("500", COMPLETE, "503"),
                            first(stale(part), COMPLETE));
                default -> new Cell(SERVICES, part, fault, disturbance, off, cached);
            };
        }
        Expected missing =
                switch (fault) {
                    case HANGS, HANGS_AFTER_HEADERS ->
                        first(without(part, "timeout")).open(without(part, "circuit-open"));
                    case BIG_BODY -> first(without(part, "error")).open(without(part, "circuit-open"));
                    case ERRORS -> complete().also(without(part, "error"), without(part, "too-many-retries"));
                    case FLAPPING ->
                        first(
                                COMPLETE,
                                without(part, "too-many-retries"),
                                without(part, "error"),
                                without(part, "circuit-open"));
                    default ->
                        first(without(part, "too-many-retries"))
                                .also(without(part, "error"))
                                .open(without(part, "circuit-open"));
                };
        if (part.equals("inventory")) {
            Expected cached =
                    switch (fault) {
                        case ERRORS -> complete().also(stale(part));
                        case FLAPPING -> first(stale(part), COMPLETE);
                        case HANGS, HANGS_AFTER_HEADERS -> first(stale(part)).within(WITH_A_COPY);
                        default -> first(stale(part));
                    };
            return new Cell(SERVICES, part, fault, disturbance, missing, cached);
        }
        // cart and favorites are never cached: nothing differs
        return new Cell(SERVICES, part, fault, disturbance, missing, missing);
    }

    /** A fault of a service's PostgreSQL. */
    static Cell ofDatabase(Store store, String part, String fault) {
        FaultProxy proxy = store.proxy(part + "-db");
        Disturbance disturbance =
                switch (fault) {
                    case TOO_MANY_CONNECTIONS ->
                        Disturbance.of(proxy, Fault.postgresRefusal("53300", "sorry, too many clients already"));
                    case READ_ONLY -> readOnly(store, part, proxy);
                    default -> Disturbance.of(proxy, Objects.requireNonNull(Faults.OF_STREAMS.get(fault)));
                };
        if (fault.equals(READ_ONLY)) {
            // the page only reads
            return new Cell(DATABASES, part, fault, disturbance, complete(), complete());
        }
        Expected off = part.equals("products") ? productsWithout(fault) : linesWithout(part, fault);
        boolean late = fault.equals(LATE);
        boolean flapping = fault.equals(FLAPPING);
        Expected cached =
                switch (part) {
                    case "products", "inventory" ->
                        late || flapping ? first(COMPLETE, stale(part)) : first(stale(part));
                    default -> off;
                };
        return new Cell(DATABASES, part, fault, disturbance, off, cached);
    }

    /** A fault of the cache's Redis. */
    static Cell ofRedis(Store store, String fault) {
        Fault injected =
                switch (fault) {
                    case LOADING -> Fault.redisLoading();
                    case OOM -> Fault.redisOutOfMemory();
                    default -> Objects.requireNonNull(Faults.OF_STREAMS.get(fault));
                };
        return new Cell(REDIS, "redis", fault, Disturbance.of(store.proxy("redis"), injected), null, complete());
    }

    /** The page when products' database fails. */
    private static Expected productsWithout(String fault) {
        return switch (fault) {
            // a query takes one to three trips to a database, each 900 ms late
            case LATE -> first(COMPLETE, "504", "500").also("503");
            case FLAPPING -> first(COMPLETE, "500", "503", "504");
            // whether products or the BFF gives up first is a matter of milliseconds
            case HANGS -> first("504", "500").open("503");
            default -> first("500").also("504").open("503");
        };
    }

    /** The page when another service's database fails. */
    private static Expected linesWithout(String part, String fault) {
        String timeout = without(part, "timeout");
        String error = without(part, "error");
        String tooMany = without(part, "too-many-retries");
        String open = without(part, "circuit-open");
        return switch (fault) {
            case LATE -> first(COMPLETE, timeout, error).also(open);
            case FLAPPING -> first(COMPLETE, timeout, error, tooMany, open);
            case HANGS ->
                // inventory's batch read answers in time and says that it knows none: no failure of inventory
                part.equals("inventory")
                        ? first(timeout)
                        : first(timeout, error).also(tooMany).open(open);
            default -> first(tooMany).also(error, timeout).open(open);
        };
    }

    /** The real thing: the role may only read, in sessions opened from now on, and there are no others. */
    private static Disturbance readOnly(Store store, String service, FaultProxy proxy) {
        return new Disturbance() {
            @Override
            public void begin() {
                set("on");
            }

            @Override
            public void end() {
                set("off");
            }

            private void set(String value) {
                try (Connection connection =
                                DriverManager.getConnection(store.stack().jdbcUrl(service));
                        Statement statement = connection.createStatement()) {
                    statement.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE");
                    statement.execute("ALTER ROLE CURRENT_USER SET default_transaction_read_only = " + value);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                proxy.inject(Fault.REFUSED);
                proxy.heal();
            }
        };
    }
}

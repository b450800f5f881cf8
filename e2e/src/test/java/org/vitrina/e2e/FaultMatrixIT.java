package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vitrina.e2e.Expected.PRODUCTS_BUDGET;
import static org.vitrina.e2e.Expected.complete;
import static org.vitrina.e2e.Expected.first;
import static org.vitrina.e2e.Page.COMPLETE;
import static org.vitrina.e2e.Page.stale;
import static org.vitrina.e2e.Page.without;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.vitrina.testing.StallMeter;
import org.vitrina.testing.proxy.Fault;
import org.vitrina.testing.proxy.FaultProxy;

/** Every part behind the BFF, broken in every way: what the page shows, how fast, and how soon it is whole again. */
class FaultMatrixIT {
    /** After the end of a fault the page is whole within this time. */
    private static final Duration RECOVERY = Store.RESET_INTERVAL.plusSeconds(1);
    /** Enough to fill the breaker's window of 20 calls at once. */
    private static final int BURST = 24;

    private static final int CACHED_BURST = 8;
    /** Pages asked for at once where they come back at once, so that it is the fault that shows and not the load. */
    private static final int WAVE = 6;

    /** Between pages that all take long: they overlap without being put together at the same instant. */
    private static final Duration STAGGER = Duration.ofMillis(15);

    private static final int MOST_TRIES = 3;
    private static final Duration AT_ONCE = Duration.ofMillis(150);
    private static final int TEN_MEGABYTES = 10 * 1024 * 1024;
    private static final int FLAPS = 25;

    private static final Store STORE = Store.running();

    private static final String REFUSED = "connection refused";
    private static final String HANGS = "accepts and hangs";
    private static final String HANGS_AFTER_HEADERS = "hangs after headers";
    private static final String LATE = "900 ms late";
    private static final String STATUS_500 = "500";
    private static final String STATUS_503 = "503 + Retry-After";
    private static final String GARBAGE = "garbage";
    private static final String TRUNCATED = "truncated body";
    private static final String WRONG_TYPES = "wrong JSON types";
    private static final String WRONG_FIELD_TYPES = "wrong JSON types, fields only";
    private static final String BIG_BODY = "10 MB body";
    private static final String RESET = "connection reset";
    private static final String ERRORS = "20 % errors";
    private static final String FLAPPING = "flapping every second";
    private static final String TOO_MANY_CONNECTIONS = "too many connections";
    private static final String READ_ONLY = "read-only";
    private static final String LOADING = "LOADING";
    private static final String OOM = "OOM";

    private static final Map<String, Fault> SERVICE_FAULTS = new LinkedHashMap<>();
    private static final Map<String, Fault> STREAM_FAULTS = new LinkedHashMap<>();

    static {
        SERVICE_FAULTS.put(REFUSED, Fault.REFUSED);
        SERVICE_FAULTS.put(HANGS, Fault.HANGS);
        SERVICE_FAULTS.put(HANGS_AFTER_HEADERS, Fault.HANGS_AFTER_HEADERS);
        SERVICE_FAULTS.put(LATE, Fault.late(Duration.ofMillis(900)));
        SERVICE_FAULTS.put(STATUS_500, Fault.status(500));
        SERVICE_FAULTS.put(STATUS_503, Fault.unavailable(1));
        SERVICE_FAULTS.put(GARBAGE, Fault.GARBAGE);
        SERVICE_FAULTS.put(TRUNCATED, Fault.TRUNCATED);
        SERVICE_FAULTS.put(WRONG_TYPES, Fault.WRONG_TYPES);
        SERVICE_FAULTS.put(WRONG_FIELD_TYPES, Fault.WRONG_FIELD_TYPES);
        SERVICE_FAULTS.put(BIG_BODY, Fault.bigBody(TEN_MEGABYTES));
        SERVICE_FAULTS.put(RESET, Fault.RESET);
        SERVICE_FAULTS.put(ERRORS, Fault.errors(0.2, 11));
        SERVICE_FAULTS.put(FLAPPING, Fault.flapping(Duration.ofSeconds(1)));
        for (String both : List.of(REFUSED, HANGS, LATE, RESET, GARBAGE, TRUNCATED, FLAPPING)) {
            STREAM_FAULTS.put(both, java.util.Objects.requireNonNull(SERVICE_FAULTS.get(both)));
        }
    }

    private static final MatrixTable SERVICES = new MatrixTable("Services", List.copyOf(SERVICE_FAULTS.keySet()));
    private static final MatrixTable DATABASES =
            new MatrixTable("PostgreSQL of a service", rows(STREAM_FAULTS, TOO_MANY_CONNECTIONS, READ_ONLY));
    private static final MatrixTable REDIS = new MatrixTable("Redis", rows(STREAM_FAULTS, LOADING, OOM));

    private static List<String> rows(Map<String, Fault> faults, String... own) {
        List<String> names = new ArrayList<>(faults.keySet());
        names.addAll(List.of(own));
        return names;
    }

    /** One fault of one part, and what both BFFs show; null where it means nothing to that one. */
    private record Cell(
            MatrixTable table,
            String part,
            String fault,
            Disturbance disturbance,
            @Nullable Expected off,
            @Nullable Expected cached) {}

    @TestFactory
    Stream<DynamicNode> services() {
        // a part has its turn once a round, so that its retry budget is full again
        return SERVICE_FAULTS.entrySet().stream()
                .map(fault -> container(
                        fault.getKey(),
                        Store.SERVICES.stream().map(part -> serviceCell(part, fault.getKey(), fault.getValue()))));
    }

    @TestFactory
    Stream<DynamicNode> databases() {
        return rows(STREAM_FAULTS, TOO_MANY_CONNECTIONS, READ_ONLY).stream()
                .map(fault -> container(fault, Store.SERVICES.stream().map(part -> databaseCell(part, fault))));
    }

    @TestFactory
    Stream<DynamicNode> redis() {
        FaultProxy proxy = STORE.proxy("redis");
        Map<String, Fault> faults = new LinkedHashMap<>(STREAM_FAULTS);
        faults.put(LOADING, Fault.redisLoading());
        faults.put(OOM, Fault.redisOutOfMemory());
        return faults.entrySet().stream()
                .map(fault -> test(new Cell(
                        REDIS, "redis", fault.getKey(), Disturbance.of(proxy, fault.getValue()), null, complete())));
    }

    @AfterAll
    static void writeTable() {
        List<MatrixTable> tables = List.of(SERVICES, DATABASES, REDIS);
        // a run of a part of the matrix says nothing about the rest
        if (tables.stream().allMatch(MatrixTable::isWhole)) {
            MatrixTable.write(Store.project().resolve("docs/fault-matrix.md"), tables);
        }
    }

    private static Cell serviceCell(String part, String fault, Fault injected) {
        Disturbance disturbance = Disturbance.of(STORE.proxy(part), injected);
        boolean hangs = fault.equals(HANGS) || fault.equals(HANGS_AFTER_HEADERS);
        if (fault.equals(LATE)) {
            return new Cell(SERVICES, part, fault, disturbance, complete(), complete());
        }
        if (part.equals("products")) {
            Expected cached = first(stale(part));
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
                        default -> first(stale(part));
                    };
            return new Cell(SERVICES, part, fault, disturbance, missing, cached);
        }
        // cart and favorites are never cached: nothing differs
        return new Cell(SERVICES, part, fault, disturbance, missing, missing);
    }

    private static Cell databaseCell(String part, String fault) {
        FaultProxy proxy = STORE.proxy(part + "-db");
        Disturbance disturbance =
                switch (fault) {
                    case TOO_MANY_CONNECTIONS ->
                        Disturbance.of(proxy, Fault.postgresRefusal("53300", "sorry, too many clients already"));
                    case READ_ONLY -> readOnly(part, proxy);
                    default -> Disturbance.of(proxy, java.util.Objects.requireNonNull(STREAM_FAULTS.get(fault)));
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
    private static Disturbance readOnly(String service, FaultProxy proxy) {
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
                                DriverManager.getConnection(STORE.stack().jdbcUrl(service));
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

    private static DynamicContainer container(String name, Stream<Cell> cells) {
        return DynamicContainer.dynamicContainer(name, cells.map(FaultMatrixIT::test));
    }

    private static DynamicTest test(Cell cell) {
        return DynamicTest.dynamicTest(cell.part() + ": " + cell.fault(), () -> judge(cell));
    }

    /** A verdict that was reached while others used the processors most of the time is not taken for one. */
    private static void judge(Cell cell) {
        for (int tries = 1; ; tries++) {
            long start = System.nanoTime();
            long waited = StallMeter.waitedMicros();
            try {
                run(cell);
                return;
            } catch (AssertionError e) {
                long busyNanos = TimeUnit.MICROSECONDS.toNanos(StallMeter.waitedMicros() - waited);
                if (tries == MOST_TRIES || busyNanos < (System.nanoTime() - start) / 2) {
                    throw e;
                }
                System.out.println(
                        "busy machine, once more: " + cell.part() + ": " + cell.fault() + ", was " + e.getMessage());
            }
        }
    }

    private static void run(Cell cell) {
        String column = cell.table() == REDIS ? "page" : cell.part();
        note(cell, column, "**failed**", "**failed**");
        STORE.heal();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            awaitOldCopies();
            try {
                cell.disturbance().begin();
                // both BFFs suffer from the same fault at the same time, and do not know of each other
                Expected off = cell.off();
                Expected cached = cell.cached();
                all(
                        CompletableFuture.runAsync(
                                () -> {
                                    if (off != null) {
                                        observe(STORE.uncached(), cell, off, BURST);
                                    }
                                },
                                threads),
                        CompletableFuture.runAsync(
                                () -> {
                                    if (cached != null) {
                                        observe(STORE.cached(), cell, cached, CACHED_BURST);
                                    }
                                },
                                threads));
            } finally {
                cell.disturbance().end();
            }
            all(
                    CompletableFuture.runAsync(() -> STORE.uncached().awaitComplete(RECOVERY), threads),
                    CompletableFuture.runAsync(() -> STORE.cached().awaitComplete(RECOVERY), threads));
        }
        note(
                cell,
                column,
                cell.off() == null ? "" : cell.off().text(),
                cell.cached() == null ? "" : cell.cached().text());
    }

    private static void note(Cell cell, String column, String off, String cached) {
        if (cell.off() != null) {
            cell.table().put(column, cell.fault(), off);
        }
        if (cell.cached() != null && !cell.cached().equals(cell.off())) {
            cell.table().put(column + ", cached", cell.fault(), cached);
        } else if (cell.part().equals("products") || cell.part().equals("inventory")) {
            cell.table().put(column + ", cached", cell.fault(), cached);
        }
    }

    private static void observe(Shop shop, Cell cell, Expected expected, int burst) {
        assertThat(label(shop.page(), expected, cell))
                .as("first page, %s", cell.part())
                .isIn(expected.first());
        if (cell.fault().equals(FLAPPING)) {
            flap(shop, cell, expected);
            return;
        }
        boolean slow = cell.fault().equals(HANGS) || cell.fault().equals(HANGS_AFTER_HEADERS);
        int most = cell.fault().equals(LATE) ? 3 : burst;
        List<String> labels = new ArrayList<>();
        while (labels.size() < most) {
            (slow ? shop.pagesInARow(most, STAGGER) : shop.pages(Math.min(WAVE, most - labels.size())))
                    .forEach(page -> labels.add(label(page, expected, cell)));
        }
        if (cell.fault().equals(ERRORS)) {
            assertThat(labels.stream().filter(COMPLETE::equals).count())
                    .as("complete in spite of errors, of %s", labels)
                    .isGreaterThanOrEqualTo(burst * 9L / 10);
        }
        if (expected.open() != null && burst == BURST) {
            // of those asked for at once one at most is the breaker's probe
            List<Page> pages = shop.pages(3);
            long rejected = pages.stream()
                    .filter(page -> label(page, expected, cell).equals(expected.open()))
                    .map(page -> page.within(AT_ONCE))
                    .count();
            assertThat(rejected)
                    .as("rejected by the open breaker, of %s", pages)
                    .isGreaterThanOrEqualTo(2);
        }
    }

    private static void flap(Shop shop, Cell cell, Expected expected) {
        long end = System.nanoTime() + Duration.ofMillis(2_500).toNanos();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < FLAPS && System.nanoTime() < end; i++) {
            seen.add(label(shop.page(), expected, cell));
            Shop.pause(Duration.ofMillis(80));
        }
        assertThat(seen).as("the healthy second shows").contains(COMPLETE);
    }

    private static String label(Page page, Expected expected, Cell cell) {
        page.within(expected.limit());
        String label = page.label();
        assertThat(expected.any())
                .as("%s: %s, page %s", cell.part(), cell.fault(), page)
                .contains(label);
        return label;
    }

    /** Only time makes a copy old. */
    private static void awaitOldCopies() {
        Shop.pause(Store.TTL.multipliedBy(2));
    }

    private static void all(CompletableFuture<?>... observations) {
        try {
            CompletableFuture.allOf(observations).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}

package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vitrina.e2e.Faults.ERRORS;
import static org.vitrina.e2e.Faults.FLAPPING;
import static org.vitrina.e2e.Faults.HANGS;
import static org.vitrina.e2e.Faults.HANGS_AFTER_HEADERS;
import static org.vitrina.e2e.Faults.LATE;
import static org.vitrina.e2e.Page.COMPLETE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.vitrina.testing.StallMeter;

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
    private static final int FLAPS = 25;

    private static final Store STORE = Store.running();

    @TestFactory
    Stream<DynamicNode> services() {
        // a part has its turn once a round, so that its retry budget is full again
        return Faults.OF_SERVICES.keySet().stream()
                .map(fault ->
                        container(fault, Store.SERVICES.stream().map(part -> Cell.ofService(STORE, part, fault))));
    }

    @TestFactory
    Stream<DynamicNode> databases() {
        return Cell.DATABASES.rows().stream()
                .map(fault ->
                        container(fault, Store.SERVICES.stream().map(part -> Cell.ofDatabase(STORE, part, fault))));
    }

    @TestFactory
    Stream<DynamicNode> redis() {
        return Cell.REDIS.rows().stream().map(fault -> test(Cell.ofRedis(STORE, fault)));
    }

    @TestFactory
    Stream<DynamicNode> frozen() {
        return FrozenPart.all(STORE)
                .map(part -> DynamicTest.dynamicTest(
                        part.name(),
                        () -> judge(part.name(), () -> {
                            STORE.heal();
                            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                                part.run(threads);
                                awaitComplete(threads);
                            }
                            part.passed();
                        })));
    }

    @AfterAll
    static void writeTable() {
        List<MatrixTable> tables = List.of(Cell.SERVICES, Cell.DATABASES, Cell.REDIS, FrozenPart.TABLE);
        // a run of a part of the matrix says nothing about the rest
        if (tables.stream().allMatch(MatrixTable::isWhole)) {
            MatrixTable.write(Store.project().resolve("docs/fault-matrix.md"), tables);
        }
    }

    private static DynamicContainer container(String name, Stream<Cell> cells) {
        return DynamicContainer.dynamicContainer(name, cells.map(FaultMatrixIT::test));
    }

    private static DynamicTest test(Cell cell) {
        String name = cell.part() + ": " + cell.fault();
        return DynamicTest.dynamicTest(name, () -> judge(name, () -> run(cell)));
    }

    /** A verdict that was reached while others used the processors most of the time is not taken for one. */
    private static void judge(String name, Runnable cell) {
        for (int tries = 1; ; tries++) {
            long start = System.nanoTime();
            long waited = StallMeter.waitedMicros();
            try {
                cell.run();
                return;
            } catch (AssertionError e) {
                long busyNanos = TimeUnit.MICROSECONDS.toNanos(StallMeter.waitedMicros() - waited);
                if (tries == MOST_TRIES || busyNanos < (System.nanoTime() - start) / 2) {
                    throw e;
                }
                System.out.println("busy machine, once more: " + name + ", was " + e.getMessage());
            }
        }
    }

    private static void run(Cell cell) {
        String column = cell.table() == Cell.REDIS ? "page" : cell.part();
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
            awaitComplete(threads);
        }
        note(
                cell,
                column,
                cell.off() == null ? "" : cell.off().text(),
                cell.cached() == null ? "" : cell.cached().text());
    }

    private static void awaitComplete(Executor threads) {
        all(
                CompletableFuture.runAsync(() -> STORE.uncached().awaitComplete(RECOVERY), threads),
                CompletableFuture.runAsync(() -> STORE.cached().awaitComplete(RECOVERY), threads));
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
        String label = page.labelOf(cell.part());
        assertThat(expected.any())
                .as("%s: %s, page %s", cell.part(), cell.fault(), page)
                .contains(label);
        return label;
    }

    /** Only time makes a copy old. */
    private static void awaitOldCopies() {
        Shop.pause(Store.TTL.multipliedBy(2));
    }

    static void all(CompletableFuture<?>... observations) {
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

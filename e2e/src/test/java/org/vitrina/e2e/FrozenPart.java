package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vitrina.e2e.Page.COMPLETE;
import static org.vitrina.e2e.Page.stale;
import static org.vitrina.e2e.Page.without;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Processes that are frozen while pages are asked for at a constant rate, whether the ones before are there or not: how
 * long a page takes from the first second on, with copies at hand and without.
 */
record FrozenPart(Store store, String part, boolean redisToo) {
    private static final String PRODUCTS = "products";
    private static final String INVENTORY = "inventory";
    private static final String AND_REDIS = " and Redis";

    static final MatrixTable TABLE = new MatrixTable(
            "Frozen processes (SIGSTOP), ten pages a second", List.of(PRODUCTS, INVENTORY, INVENTORY + AND_REDIS));

    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final int PAGES = 45;
    /** Asked for three seconds after the freeze. */
    private static final int THEN = 30;

    /** With copies: half of the pages, and all but one in a hundred, of so few all. */
    private static final Duration HALF = Duration.ofMillis(30);

    private static final Duration NEARLY_ALL = Duration.ofMillis(200);
    /** Without: once the breaker is open. */
    private static final Duration REFUSED = Duration.ofMillis(50);
    /** In one and a half seconds a breaker that is open for half a second probes so often; a probe takes its second. */
    private static final int PROBES = 2;

    static Stream<FrozenPart> all(Store store) {
        return Stream.of(
                new FrozenPart(store, PRODUCTS, false),
                new FrozenPart(store, INVENTORY, false),
                new FrozenPart(store, INVENTORY, true));
    }

    String name() {
        return redisToo ? part + AND_REDIS : part;
    }

    void run(Executor threads) {
        note("**failed**", "**failed**", "**failed**", "**failed**");
        signal(true);
        try {
            CompletableFuture<?> cached = CompletableFuture.runAsync(
                    redisToo ? () -> observeWithoutCopies(store.cached()) : () -> observeWithCopies(store.cached()),
                    threads);
            FaultMatrixIT.all(
                    cached, CompletableFuture.runAsync(() -> observeWithoutCopies(store.uncached()), threads));
        } finally {
            signal(false);
        }
    }

    void passed() {
        String without = first() + "; then " + open();
        String late = "within " + budget().toMillis() / 1000 + " s; after 3 s within " + REFUSED.toMillis() + " ms";
        if (redisToo) {
            note(without, late, without, late);
        } else {
            String early = "p50 ≤ " + HALF.toMillis() + " ms, p99 ≤ " + NEARLY_ALL.toMillis() + " ms";
            note(stale(part), early, without, late);
        }
    }

    private void note(String cached, String cachedTime, String off, String offTime) {
        TABLE.put("page, cached", name(), cached);
        TABLE.put("time, cached", name(), cachedTime);
        TABLE.put("page", name(), off);
        TABLE.put("time", name(), offTime);
    }

    private void signal(boolean freeze) {
        for (String each : redisToo ? List.of(part, "redis") : List.of(part)) {
            if (freeze) {
                store.stack().freeze(each);
            } else {
                store.stack().thaw(each);
            }
        }
    }

    private void observeWithCopies(Shop shop) {
        List<Page> pages = shop.pagesInARow(PAGES, INTERVAL);
        // complete at first, as long as the copy is within its time to live
        assertThat(pages).allSatisfy(page -> assertThat(page.labelOf(part)).isIn(stale(part), COMPLETE));
        assertThat(pages.stream()
                        .filter(page -> page.labelOf(part).equals(stale(part)))
                        .count())
                .as("%s", pages)
                .isGreaterThanOrEqualTo(PAGES - 3);
        List<Duration> times = pages.stream().map(FrozenPart::time).sorted().toList();
        assertThat(times.get(PAGES / 2)).as("half of %s", times).isLessThanOrEqualTo(HALF);
        assertThat(times.getLast()).as("all of %s", times).isLessThanOrEqualTo(NEARLY_ALL);
    }

    private void observeWithoutCopies(Shop shop) {
        List<Page> pages = shop.pagesInARow(PAGES, INTERVAL);
        assertThat(pages).allSatisfy(page -> assertThat(page.within(budget()).labelOf(part))
                .isIn(Set.of(first(), open(), COMPLETE)));
        List<Page> later = pages.subList(THEN, PAGES);
        assertThat(later.stream()
                        .filter(page ->
                                page.labelOf(part).equals(open()) && time(page).compareTo(REFUSED) <= 0)
                        .count())
                .as("refused by the open breaker, of %s", later)
                .isGreaterThanOrEqualTo(later.size() - PROBES);
    }

    private static Duration time(Page page) {
        return page.took().minus(page.lost());
    }

    private String first() {
        return part.equals(PRODUCTS) ? "504" : without(part, "timeout");
    }

    private String open() {
        return part.equals(PRODUCTS) ? "503" : without(part, "circuit-open");
    }

    private Duration budget() {
        return part.equals(PRODUCTS) ? Expected.PRODUCTS_BUDGET : Expected.PAGE_BUDGET;
    }
}

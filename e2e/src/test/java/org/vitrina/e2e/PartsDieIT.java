package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.vitrina.e2e.Page.COMPLETE;
import static org.vitrina.e2e.Page.stale;
import static org.vitrina.e2e.Page.without;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.launcher.Address;
import org.vitrina.testing.proxy.Fault;

/** Processes that are killed, frozen, full or restarted behind the BFF. */
class PartsDieIT {
    private static final Store STORE = Store.running();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** A service's first answers after its start take longer than later ones. */
    private static final Duration COLD_START = Duration.ofSeconds(10);
    /**
     * What pages may take longer than those of the BFF that has no cache: the first five look-ups wait up to 15 ms each,
     * then Redis is by-passed, so in the middle it is nothing but noise.
     */
    private static final Duration LOSS = Duration.ofMillis(10);

    private static final String CART = "/users/1/cart";

    private final Shop cached = STORE.cached();
    private final Shop uncached = STORE.uncached();

    @BeforeEach
    @AfterEach
    void heal() {
        STORE.heal();
    }

    @Test
    void frozenRedisCostsNoPageAndLittleTime() {
        Duration usual = median(pages(uncached, 30));
        STORE.stack().freeze("redis");
        try {
            List<Page> pages = pages(60);
            assertAllComplete(pages);
            assertCostLittle(pages, usual);
        } finally {
            STORE.stack().thaw("redis");
        }
        assertAllComplete(pages(30));
    }

    @Test
    void killedAndRestartedRedisCostsNoPage() {
        Duration usual = median(pages(uncached, 30));
        STORE.stack().kill("redis");
        List<Page> pages = pages(60);
        assertAllComplete(pages);
        assertCostLittle(pages, usual);
        STORE.stack().start("redis");
        STORE.stack().awaitReady("redis", TIMEOUT);
        assertAllComplete(pages(30));
    }

    @Test
    void fullRedisCostsNoPage() {
        redis("CONFIG SET maxmemory-policy noeviction");
        redis("CONFIG SET maxmemory 1");
        try {
            assertThat(redis("SET e2e-probe x")).startsWith("-OOM");
            assertAllComplete(pages(40));
        } finally {
            redis("CONFIG SET maxmemory 64mb");
            redis("CONFIG SET maxmemory-policy allkeys-lru");
        }
        assertAllComplete(pages(20));
    }

    @Test
    void slowRedisCostsNoPageAndLittleTime() {
        Duration usual = median(pages(uncached, 30));
        STORE.proxy("redis").inject(Fault.late(Duration.ofMillis(200)));
        List<Page> pages = pages(60);
        assertAllComplete(pages);
        assertCostLittle(pages, usual);
    }

    @Test
    void redisThatSpeaksGarbageCostsNoPage() {
        STORE.proxy("redis").inject(Fault.GARBAGE);
        assertAllComplete(pages(60));
        STORE.proxy("redis").heal();
        assertAllComplete(pages(30));
    }

    @Test
    void servicesRecoverFromAKilledPostgres() {
        STORE.stack().kill("postgres");
        for (int i = 0; i < 5; i++) {
            Page bare = uncached.page().within(Expected.PAGE_BUDGET);
            assertThat(bare.label()).isIn("500", "503", "504");
            Page fromCopies = cached.page().within(Expected.PAGE_BUDGET);
            assertThat(fromCopies.label()).contains(stale("products"), "cart null", "favorites null");
        }
        for (String service : Store.SERVICES) {
            assertThat(STORE.health(service, "live")).as(service).isEqualTo(200);
            await().until(() -> STORE.health(service, "ready") == 503);
        }
        STORE.stack().start("postgres");
        STORE.stack().awaitReady("postgres", TIMEOUT);
        uncached.awaitComplete(Duration.ofSeconds(5));
        cached.awaitComplete(Duration.ofSeconds(5));
        for (String service : Store.SERVICES) {
            await().until(() -> STORE.health(service, "ready") == 200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"inventory", "favorites", "cart"})
    void killedServiceIsMissingAndComesBack(String service) {
        STORE.stack().kill(service);
        for (int i = 0; i < 5; i++) {
            assertThat(uncached.page().within(Expected.PAGE_BUDGET).label())
                    .isIn(
                            without(service, "too-many-retries"),
                            without(service, "error"),
                            without(service, "circuit-open"));
        }
        STORE.stack().start(service);
        STORE.stack().awaitReady(service, TIMEOUT);
        uncached.awaitComplete(COLD_START);
    }

    @Test
    void killedProductsAreShownFromTheCopyAndComeBack() {
        STORE.stack().kill("products");
        assertThat(cached.page().within(Expected.PAGE_BUDGET).label()).isIn(stale("products"), COMPLETE);
        assertThat(uncached.page().within(Expected.PAGE_BUDGET).label()).isIn("500", "503");
        STORE.stack().start("products");
        STORE.stack().awaitReady("products", TIMEOUT);
        uncached.awaitComplete(COLD_START);
        cached.awaitComplete(COLD_START);
    }

    @Test
    void faultOnTrialEndsByItsOwnClockThoughTheBffThatSwitchedItOnIsKilled() {
        assertThat(cached.form("/ops/faults", "service=cart&kind=error&seconds=8&route=/users"))
                .isEqualTo("/ops?told=fault-on");
        assertThat(STORE.ask("cart", CART)).contains("trial-fault");
        STORE.stack().kill("bff");
        assertThat(STORE.ask("cart", CART)).contains("trial-fault");
        assertThat(STORE.health("cart", "ready")).isEqualTo(200);
        await().atMost(TIMEOUT).until(() -> STORE.ask("cart", CART), answer -> !answer.contains("trial-fault"));
    }

    @Test
    void pageOfOneBffTellsOfTheOtherToo() throws IOException {
        String other = new ObjectMapper()
                .readTree(cached.get("/ops/resilience").body())
                .path("instance")
                .asText();
        await().atMost(TIMEOUT)
                .until(
                        () -> uncached.get("/ops").body(),
                        page -> page.contains("Replicas of the BFF")
                                && page.contains("<th scope=\"row\">" + other + "</th>"));
        STORE.stack().kill("bff");
        await().atMost(TIMEOUT).until(() -> uncached.get("/ops").body(), page -> !page.contains("Replicas of the BFF"));
    }

    private List<Page> pages(int count) {
        return pages(cached, count);
    }

    private static List<Page> pages(Shop shop, int count) {
        List<Page> pages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pages.add(shop.page());
        }
        return pages;
    }

    private static void assertAllComplete(List<Page> pages) {
        for (Page page : pages) {
            assertThat(Set.of(page.within(Expected.PAGE_BUDGET).label()))
                    .as("%s", page)
                    .containsExactly(COMPLETE);
        }
    }

    /** Measured anew, side by side, when the machine was busy: what Redis costs shows in every round, noise does not. */
    private void assertCostLittle(List<Page> pages, Duration usual) {
        Duration time = median(pages);
        for (int round = 0; round < 4 && time.compareTo(usual.plus(LOSS)) > 0; round++) {
            usual = median(pages(uncached, 60));
            time = median(pages(60));
        }
        assertThat(time).as("usual is %s", usual).isLessThanOrEqualTo(usual.plus(LOSS));
    }

    /** The middle time for what goes through the cache. */
    private static Duration median(List<Page> pages) {
        return pages.stream()
                .map(Page::timings)
                .map(times -> times.getOrDefault("products", Duration.ZERO)
                        .plus(times.getOrDefault("inventory", Duration.ZERO)))
                .sorted()
                .toList()
                .get(pages.size() / 2);
    }

    /** The first line of the real server's answer. */
    private static String redis(String command) {
        Address address = STORE.stack().address("redis");
        try (Socket socket = new Socket(address.host(), address.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            StringBuilder line = new StringBuilder();
            int next = socket.getInputStream().read();
            while (next >= 0 && next != '\n') {
                line.append((char) next);
                next = socket.getInputStream().read();
            }
            return line.toString().strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.StallMeter;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

/** Copies in memory, with short lives; each test has a page and products of its own. */
@QuarkusTest
@TestProfile(MemoryTest.Memory.class)
class MemoryTest extends BffTest {
    private static final AtomicInteger PAGES = new AtomicInteger(100);
    private static final Duration TTL = Duration.ofMillis(400);

    private String path = "";
    private int id;

    public static class Memory implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "vitrina.cache.topology", "memory",
                    "vitrina.bff.products.ttl", "400ms",
                    "vitrina.bff.inventory.ttl", "400ms",
                    "vitrina.bff.inventory.unknown-ttl", "400ms",
                    "vitrina.bff.inventory.max-stale", "3s");
        }
    }

    @BeforeEach
    void ownPage() {
        id = PAGES.incrementAndGet();
        path = "/products/all?limit=" + id;
        behind.products().answer(Backs.page(id));
    }

    @Test
    void withinItsLifeACopyIsAsGoodAsNew() {
        String first = shop.get(path).is(200).body();
        Shop.Answer second = shop.get(path).is(200);

        assertThat(second.body()).isEqualTo(first);
        assertThat(second.degraded()).isEqualTo("[]");
        assertThat(behind.products().count()).isEqualTo(1);
        assertThat(behind.inventory().count()).isEqualTo(1);
        assertThat(behind.cart().count()).isEqualTo(2);
        assertThat(behind.favorites().count()).isEqualTo(2);
    }

    @Test
    void aProductSaysWhatTheCacheDidForIt() {
        String product = "/products/" + id;
        behind.products().answer(Answer.json("{\"product_id\":%d,\"product_name\":\"P\"}".formatted(id)));

        Shop.Answer first = shop.get(product).is(200);
        assertThat(first.header("Cache-Status")).isEqualTo("bff; fwd=miss");
        assertThat(first.header("Age")).isEqualTo("0");
        // again where more than its life has passed on a busy machine
        await().untilAsserted(() -> {
            Shop.Answer second =
                    shop.get(product, "If-None-Match", first.header("ETag")).is(304);
            assertThat(second.header("Cache-Status")).isEqualTo("bff; hit");
            assertThat(second.header("Age")).isEqualTo("0");
        });

        behind.inventory().answer(Answer.status(500));
        await().untilAsserted(() -> {
            Shop.Answer old = shop.get(product).is(200);
            assertThat(old.header("Cache-Status")).isIn("bff; hit; detail=stale", "bff; fwd=partial");
            assertThat(old.header("Cache-Control")).isEqualTo("no-cache");
        });
    }

    @Test
    void thirtyTwoAtOnceShareOneLoad() {
        CountDownLatch open = new CountDownLatch(1);
        behind.products().answer(Backs.page(id).when(open));
        var calls = java.util.stream.IntStream.range(0, 32)
                .mapToObj(i -> shop.start("GET", path, null))
                .toList();
        await().until(() -> behind.cart().count() == 32);

        open.countDown();

        calls.forEach(call -> call.join().is(200));
        assertThat(behind.products().count()).isEqualTo(1);
        assertThat(behind.inventory().count()).isEqualTo(1);
    }

    @Test
    void whoSharesALoadThatFailsCountsForTheBreakerOnceTwentyAreInItsWindow() {
        CountDownLatch open = new CountDownLatch(1);
        behind.products().answer(Answer.status(500).when(open));
        var calls = java.util.stream.IntStream.range(0, 16)
                .mapToObj(i -> shop.start("GET", path, null))
                .toList();
        await().until(() -> behind.cart().count() == 16);

        open.countDown();

        calls.forEach(call -> call.join().is(500));
        assertThat(behind.products().count()).isEqualTo(4);
        // four tries and the fifteen who waited for them
        assertThat(breakers.currentState("products").name()).isEqualTo("CLOSED");
        shop.get(path).is(500);
        assertThat(behind.products().count()).isEqualTo(5);
        assertThat(breakers.currentState("products").name()).isEqualTo("OPEN");
    }

    @Test
    void servesStaleProductsWhenTheCatalogueFails() {
        shop.get(path).is(200);
        expire();
        behind.products().answer(Answer.status(500));

        assertStaleProducts(shop.get(path).is(200).within(SECOND));
        assertThat(behind.inventory().count()).isEqualTo(2);
    }

    @Test
    void servesStaleProductsWhenTheCatalogueHangs() {
        shop.get(path).is(200);
        expire();
        behind.products().answer(Answer.HANGS);

        assertStaleProducts(shop.get(path).is(200).within(AT_ONCE));
        // the load goes on, and ends by its own limit
        await().until(() -> behind.products().cancelled() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"products", "inventory"})
    void aHangBehindACopyIsNotFelt(String part) {
        FakeService ill = part.equals("products") ? behind.products() : behind.inventory();
        shop.get(path).is(200);
        expire();
        ill.answer(Answer.HANGS);
        ill.forget();

        List<Shop.Answer> pages = atTenASecond(15);

        pages.forEach(page -> {
            page.is(200).within(AT_ONCE);
            assertThat(page.degraded()).contains("\"part\":\"" + part + "\",\"reason\":\"stale\"", "\"age_ms\":");
        });
        // the first of them waits a moment; 30 ms is what a quiet machine keeps
        assertThat(pages.stream()
                        .filter(page -> page.took().minus(page.lost()).toMillis() <= 60)
                        .count())
                .as("%s", pages)
                .isGreaterThanOrEqualTo(8);
        // one a second
        assertThat(ill.count()).isBetween(1, 2 + (int) pages.getLast().lost().toSeconds());
    }

    @Test
    void aLoadThatIsLateIsKeptThoughItsCallersHaveTheirAnswers() {
        shop.get(path).is(200);
        expire();
        CountDownLatch open = new CountDownLatch(1);
        behind.products().answer(Backs.page(id).when(open));
        assertStaleProducts(shop.get(path).is(200));

        open.countDown();

        await().untilAsserted(
                        () -> assertThat(shop.get(path).is(200).degraded()).doesNotContain("products"));
        assertThat(behind.products().count()).isEqualTo(2);
        assertThat(behind.products().cancelled()).isZero();
    }

    @Test
    void oneProductIsShownFromItsCopiesWhenBothItsPartsHang() {
        String product = "/products/" + id;
        behind.products().answer(Answer.json("{\"product_id\":" + id + ",\"product_name\":\"Lamp\"}"));
        assertThat(shop.get(product).is(200).degraded()).isEqualTo("[]");
        expire();
        behind.products().answer(Answer.HANGS);
        behind.inventory().answer(Answer.HANGS);

        Shop.Answer answer = shop.get(product).is(200).within(AT_ONCE);

        assertThat(answer.json().getInteger("inventory")).isEqualTo(id * 10);
        assertThat(answer.json().getString("product_name")).isEqualTo("Lamp");
        assertThat(answer.json().getJsonArray("degraded").stream()
                        .map(each ->
                                ((JsonObject) each).getString("part") + " " + ((JsonObject) each).getString("reason")))
                .containsExactly("products stale", "inventory stale");
    }

    @ParameterizedTest
    @ValueSource(strings = {"products", "inventory"})
    void aHangWithoutACopyOpensTheBreakerWithinThreeSeconds(String part) {
        FakeService ill = part.equals("products") ? behind.products() : behind.inventory();
        ill.answer(Answer.HANGS);
        long start = System.nanoTime();
        while (breakers.currentState(part).name().equals("CLOSED")) {
            var unused = shop.start("GET", path, null);
            pause(Duration.ofMillis(100));
            assertThat(System.nanoTime()
                            - start
                            - StallMeter.lostBetween(start, System.nanoTime()).toNanos())
                    .isLessThan(Duration.ofMillis(3_500).toNanos());
        }

        Shop.Answer answer = shop.get(path).within(Duration.ofMillis(50));

        assertThat(answer.body()).contains("circuit-open");
        assertThat(ill.count()).as("loads").isLessThanOrEqualTo(4);
    }

    @Test
    void servesStaleProductsAtOnceWhenTheCircuitIsOpen() {
        shop.get(path).is(200);
        expire();
        behind.products().answer(Answer.HANGS);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            for (int i = 0; i < 25; i++) {
                var unused = shop.start("GET", "/products/" + PAGES.incrementAndGet(), null);
            }
            await().until(() -> breakers.currentState("products").name().equals("OPEN"));
            assertStaleProducts(shop.get(path).is(200).within(AT_ONCE));
        });
    }

    @Test
    void servesTheLastKnownLevelWhenInventoryHangs() {
        shop.get(path).is(200);
        expire();
        behind.inventory().answer(Answer.HANGS);

        Shop.Answer answer = shop.get(path).is(200).within(AT_ONCE);

        assertThat(level(answer)).isEqualTo(id * 10);
        JsonObject degraded = answer.json().getJsonArray("degraded").getJsonObject(0);
        assertThat(degraded.getString("part")).isEqualTo("inventory");
        assertThat(degraded.getString("reason")).isEqualTo("stale");
        assertThat(degraded.getLong("age_ms")).isBetween(TTL.toMillis() / 2, 3000L);
    }

    @Test
    void aLevelOlderThanMaxStaleIsNull() {
        shop.get(path).is(200);
        behind.inventory().answer(Answer.status(500));
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    Shop.Answer answer = shop.get(path).is(200);
                    assertThat(level(answer)).isNull();
                    assertThat(answer.json()
                                    .getJsonArray("degraded")
                                    .getJsonObject(0)
                                    .getInteger("missing"))
                            .isEqualTo(1);
                });
    }

    @Test
    void anUnknownProductIsRememberedForAMoment() {
        behind.inventory()
                .answer(Answer.json("[{\"product_id\":" + id + ",\"inventory\":null,\"reason\":\"unknown\"}]"));
        for (int i = 0; i < 2; i++) {
            Shop.Answer answer = shop.get(path).is(200);
            assertThat(level(answer)).isNull();
            assertThat(answer.degraded()).isEqualTo("[]");
        }
        assertThat(behind.inventory().count()).isEqualTo(1);
        expire();
        behind.inventory().answer(Backs::levels);
        assertThat(level(shop.get(path).is(200))).isEqualTo(id * 10);
    }

    @Test
    void aCallerWhoLeavesDoesNotSpoilTheLoadThatOthersWaitFor() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        behind.products().answer(Backs.page(id).when(open));
        List<CompletableFuture<Shop.Answer>> others = new ArrayList<>();
        shop.askAndLeave(path, () -> {
            if (behind.products().count() == 1 && others.isEmpty()) {
                others.add(shop.start("GET", path, null));
            }
            return behind.cart().count() == 2;
        });
        open.countDown();

        others.getFirst().join().is(200);
        assertThat(behind.products().count()).isEqualTo(1);
        assertThat(behind.products().cancelled()).isZero();
    }

    @Test
    void theLastCallerWhoLeavesEndsTheLoad() throws Exception {
        behind.products().answer(Answer.HANGS);
        shop.askAndLeave(path, () -> behind.products().count() == 1);
        await().atMost(Duration.ofMillis(900)).until(() -> behind.products().cancelled() == 1);
        assertThat(behind.inventory().count()).isZero();
    }

    @Test
    void aShortDeadlineEndsOneWaitAndNotTheLoad() {
        CountDownLatch open = new CountDownLatch(1);
        behind.products().answer(Backs.page(id).when(open));
        var patient = shop.start("GET", path, null);
        await().until(() -> behind.products().count() == 1);

        shop.get(path, "X-Request-Deadline-Ms", "150").is(504).within(Duration.ofMillis(150));
        open.countDown();

        patient.join().is(200);
        assertThat(behind.products().count()).isEqualTo(1);
    }

    @Test
    void countsWhatTheCacheDid() {
        shop.get(path).is(200);
        shop.get(path).is(200);

        JsonObject cache = shop.get("/ops/resilience").is(200).json().getJsonObject("cache");
        assertThat(cache.getString("topology")).isEqualTo("memory");
        List<JsonObject> caches = cache.getJsonArray("caches").stream()
                .map(each -> (JsonObject) each)
                .toList();
        assertThat(caches).extracting(each -> each.getString("name")).contains("products-pages", "inventory");
        assertThat(caches)
                .filteredOn(each -> each.getString("name").equals("inventory"))
                .allSatisfy(each -> assertThat(each.getLong("hits")).isPositive());
    }

    @ParameterizedTest
    @ValueSource(strings = {"products", "inventory"})
    void nobodyWaitsForTheProbeOfAHalfOpenBreaker(String part) {
        FakeService ill = part.equals("products") ? behind.products() : behind.inventory();
        ill.answer(Answer.HANGS);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            shop.together(24, path);
            return !breakers.currentState(part).name().equals("CLOSED");
        });
        ill.forget();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            var unused = shop.start("GET", path, null);
            // the probe
            return ill.count() >= 1;
        });

        shop.together(4, path).forEach(page -> {
            assertThat(page.body()).contains("circuit-open");
            page.within(Duration.ofMillis(50));
        });

        behind.heal();
        behind.products().answer(Backs.page(id));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            Shop.Answer page = shop.get(path);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.degraded()).isEqualTo("[]");
        });
    }

    /** Pages asked for at a constant rate, however long they take. */
    private List<Shop.Answer> atTenASecond(int count) {
        List<CompletableFuture<Shop.Answer>> pages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pages.add(shop.start("GET", path, null));
            pause(Duration.ofMillis(100));
        }
        return pages.stream().map(CompletableFuture::join).toList();
    }

    private static void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Long enough for both copies' time to live; far from max-stale. */
    private static void expire() {
        long start = System.nanoTime();
        await().until(() -> System.nanoTime() - start > TTL.plusMillis(20).toNanos());
    }

    private void assertStaleProducts(Shop.Answer answer) {
        JsonObject degraded = answer.json().getJsonArray("degraded").getJsonObject(0);
        assertThat(degraded.getString("part")).isEqualTo("products");
        assertThat(degraded.getString("reason")).isEqualTo("stale");
        assertThat(degraded.getLong("age_ms")).isBetween(TTL.toMillis() / 2, 30_000L);
        assertThat(answer.json().getJsonArray("products").getJsonObject(0).getInteger("product_id"))
                .isEqualTo(id);
        assertThat(level(answer)).isEqualTo(id * 10);
    }

    private static @Nullable Integer level(Shop.Answer answer) {
        return answer.json().getJsonArray("products").getJsonObject(0).getInteger("inventory");
    }
}

package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.vitrina.e2e.Page.without;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.StallMeter;
import org.vitrina.testing.proxy.Fault;
import org.vitrina.testing.proxy.FaultProxy;

/** What reaches the services when callers leave, when calls are given up, and when there are too many. */
class CallersIT {
    private static final Store STORE = Store.running();
    /** What a probe of Kubernetes waits for by default. */
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration A_WHILE = Duration.ofMillis(1_500);

    private final Shop shop = STORE.uncached();

    @BeforeEach
    @AfterEach
    void heal() {
        STORE.heal();
    }

    @ParameterizedTest
    @ValueSource(strings = {"products", "inventory", "favorites", "cart"})
    void callThatTakesTooLongIsCancelledAndTheServerSeesTheConnectionEnd(String service) {
        FaultProxy proxy = STORE.proxy(service);
        proxy.inject(Fault.HANGS);
        proxy.forget();
        shop.page().within(Expected.PAGE_BUDGET);
        await().atMost(Duration.ofSeconds(1)).until(() -> proxy.earlyCloses() == 2);
        assertThat(proxy.requests())
                .as("one try, a read asked a second time meanwhile: no time is left for another")
                .isEqualTo(2);
    }

    @Test
    void callerThatDisconnectsCausesNoFurtherCall() throws IOException {
        FaultProxy products = STORE.proxy("products");
        FaultProxy inventory = STORE.proxy("inventory");
        products.inject(Fault.HANGS);
        products.forget();
        inventory.forget();
        Socket caller = shop.askByHand();
        await().until(() -> products.requests() == 1);
        caller.close();
        // the call is given up with its caller, long before its own time is up
        await().atMost(Duration.ofMillis(500)).until(() -> products.earlyCloses() == 1);
        products.heal();
        await().during(A_WHILE)
                .atMost(A_WHILE.multipliedBy(2))
                .until(() -> inventory.requests() == 0 && products.requests() == 1);
    }

    @Test
    void callerThatDisconnectsEndsTheRetries() throws IOException {
        FaultProxy cart = STORE.proxy("cart");
        FaultProxy products = STORE.proxy("products");
        cart.inject(Fault.HANGS);
        products.inject(Fault.HANGS);
        cart.forget();
        products.forget();
        Socket caller = shop.askByHand();
        await().until(() -> cart.requests() == 1 && products.requests() == 1);
        caller.close();
        await().until(() -> cart.earlyCloses() == 1 && products.earlyCloses() == 1);
        cart.inject(Fault.status(500));
        products.inject(Fault.status(500));
        await().during(A_WHILE)
                .atMost(A_WHILE.multipliedBy(2))
                .until(() -> cart.requests() == 1 && products.requests() == 1);
    }

    @Test
    void inventoryHangingAndSixtyRequestsAtOnceAreAllAnswered() {
        STORE.proxy("inventory").inject(Fault.HANGS);
        for (int round = 0; round < 2; round++) {
            for (Page page : shop.pages(60)) {
                assertThat(page.within(Expected.PAGE_BUDGET).status())
                        .as("%s", page)
                        .isEqualTo(200);
                assertThat(page.label())
                        .containsAnyOf(without("inventory", "timeout"), without("inventory", "circuit-open"));
            }
        }
    }

    @Test
    void healthAnswersUnderOverload() {
        STORE.proxy("inventory").inject(Fault.HANGS);
        try (HttpClient probes =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            URI management =
                    URI.create(STORE.uncachedStack().managementAddress("bff").url());
            List<CompletableFuture<Page>> load = new ArrayList<>();
            // an open loop: more than two cores can do, whether answers come or not
            for (int round = 0; round < 150; round++) {
                for (int i = 0; i < 5; i++) {
                    load.add(shop.ask());
                }
                if (round % 5 == 0) {
                    assertHealthy(
                            probes,
                            management,
                            List.of("live", "ready", "started").get(round / 5 % 3));
                }
                Shop.pause(Duration.ofMillis(20));
            }
            for (CompletableFuture<Page> asked : load) {
                Page page = asked.join();
                assertThat(page.status()).as("%s", page).isIn(200, 500, 503, 504);
                assertThat(page.label()).isNotEqualTo(Page.COMPLETE);
            }
        }
    }

    private static void assertHealthy(HttpClient probes, URI management, String check) {
        long start = System.nanoTime();
        HttpResponse<String> answer = Shop.get(probes, management.resolve("/q/health/" + check));
        long end = System.nanoTime();
        assertThat(answer.statusCode()).as(check).isEqualTo(200);
        assertThat(Duration.ofNanos(end - start).minus(StallMeter.lostBetween(start, end)))
                .as(check)
                .isLessThan(PROBE_TIMEOUT);
    }
}

package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.launcher.Stack;
import org.vitrina.testing.proxy.FaultProxy;

/** Two processes of cart behind one address, as behind a Kubernetes Service, one or both of them frozen (SIGSTOP). */
class FrozenReplicaIT {
    private static final Store STORE = Store.running();
    private static final String CART = "cart";
    private static final FaultProxy SERVICE = STORE.proxy(CART);
    /** {@code --soak} makes it the minute after the freeze. */
    private static final Duration WHILE = Duration.ofSeconds(Boolean.getBoolean("soak") ? 60 : 15);

    private static Stack second;

    private final Shop shop = STORE.uncached();

    @BeforeAll
    static void startTheSecond() {
        second = Stack.builder(Store.project())
                .directory(Store.project().resolve("e2e/target/second-cart"))
                .only(CART)
                .start();
        second.awaitReady(Duration.ofSeconds(90));
    }

    @BeforeEach
    void useBoth() {
        STORE.heal();
        SERVICE.leadTo(port(STORE.stack()), port(second));
        // connections to both are there before one freezes
        shop.pages(40);
    }

    @AfterEach
    void heal() {
        STORE.stack().thaw(CART);
        second.thaw(CART);
        SERVICE.leadTo(port(STORE.stack()));
        STORE.heal();
    }

    @AfterAll
    static void endTheSecond() {
        second.close();
    }

    @Test
    void frozenReplicaOfTwoIsNotFeltAtTwentyPagesASecond() {
        second.freeze(CART);

        List<Page> pages = pages(20);

        assertThat(complete(pages)).as("complete").isGreaterThanOrEqualTo(0.99);
        List<Duration> times = pages.stream()
                .map(page -> page.took().minus(page.lost()))
                .sorted()
                .toList();
        assertThat(times.get(times.size() * 99 / 100)).as("p99").isLessThanOrEqualTo(Duration.ofMillis(600));
    }

    @Test
    void frozenReplicaOfTwoIsHardlyFeltAtAHundredPagesASecond() {
        second.freeze(CART);

        assertThat(complete(pages(100))).as("complete").isGreaterThanOrEqualTo(0.97);
    }

    @Test
    void readsOfFrozenReplicasAreAskedAgainWithinTheBudgetOnly() {
        STORE.stack().freeze(CART);
        second.freeze(CART);
        SERVICE.forget();

        List<Page> pages = pages(20);

        assertThat(pages).allSatisfy(page -> page.within(Expected.PAGE_BUDGET));
        // 1.3 x requests + 10/s, and what ten quiet seconds have saved up
        assertThat((double) SERVICE.requests()).isBetween(1.0, 1.3 * pages.size() + 10.0 * WHILE.toSeconds() + 100);
    }

    private List<Page> pages(int perSecond) {
        return shop.pagesInARow(
                (int) (perSecond * WHILE.toSeconds()), Duration.ofSeconds(1).dividedBy(perSecond));
    }

    private static double complete(List<Page> pages) {
        return (double) pages.stream()
                        .filter(page -> page.label().equals(Page.COMPLETE))
                        .count()
                / pages.size();
    }

    private static int port(Stack stack) {
        return stack.address(CART).port();
    }
}

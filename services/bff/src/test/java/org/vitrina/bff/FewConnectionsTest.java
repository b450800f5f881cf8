package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.http.Answer;

/** Inventory asked one call a product over fewer connections than a page has products: the rest waits its turn. */
@QuarkusTest
@TestProfile(FewConnectionsTest.TwoConnections.class)
class FewConnectionsTest extends BffTest {
    public static class TwoConnections implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "vitrina.bff.inventory.batch", "false",
                    // connections are shared out among event loops
                    "quarkus.vertx.event-loops-pool-size", "1",
                    // calls fail here on purpose: their tries must not open the breaker
                    "vitrina.bff.inventory.window", "100",
                    "vitrina.bff.inventory.max-connections", "2",
                    "vitrina.bff.inventory.max-waiting", "1",
                    // writes go by the declared client
                    "vitrina.bff.cart.window", "100",
                    "vitrina.bff.cart.max-connections", "1",
                    // nobody listens there
                    "vitrina.bff.wallet.url", "http://127.0.0.1:1");
        }
    }

    @Test
    void productsThatWaitForAConnectionHaveTheirTurn() {
        behind.inventory().answer(request -> Backs.levels(request).after(Duration.ofMillis(100)));

        Shop.Answer answer = shop.get("/products/all").is(200).within(Duration.ofMillis(350));

        assertThat(answer.json().getJsonArray("products").encode())
                .contains("\"inventory\":10", "\"inventory\":20", "\"inventory\":30");
        assertThat(answer.degraded()).isEqualTo("[]");
    }

    @Test
    void whoWaitsIsTimedOutWithThoseWhoAreAsked() {
        behind.inventory().answer(Answer.HANGS);

        Shop.Answer answer = shop.get("/products/all").is(200).within(SECOND);

        assertThat(answer.degraded()).isEqualTo("[{\"part\":\"inventory\",\"reason\":\"timeout\",\"missing\":3}]");
        assertThat(behind.inventory().requests()).hasSize(2);
        await().until(() -> behind.inventory().cancelled() == 2);
    }

    @Test
    void aPlaceIsGivenBackHoweverItsCallEnds() {
        behind.inventory().answer(Answer.HANGS);
        shop.get("/products/all").is(200).within(SECOND);
        behind.inventory().answer(Answer.status(500));
        shop.get("/products/all").is(200);
        behind.inventory().answer(Backs::levels);

        for (int page = 0; page < 5; page++) {
            assertThat(shop.get("/products/all").is(200).degraded()).isEqualTo("[]");
        }
    }

    @Test
    void writesThatWaitedInVainTakeNoConnectionAway() {
        behind.cart().answer(Answer.HANGS);
        List<CompletableFuture<Shop.Answer>> late = IntStream.range(0, 5)
                .mapToObj(i ->
                        shop.start("PUT", "/cart/" + (i + 1), "{\"quantity\":1}", "Content-Type", "application/json"))
                .toList();
        late.forEach(write -> write.join().is(504));
        behind.cart().answer(Answer.status(204));

        for (int i = 0; i < 5; i++) {
            shop.send("PUT", "/cart/1", "{\"quantity\":1}", "Content-Type", "application/json")
                    .is(204);
        }
    }

    @Test
    void aWriteThatFindsNobodyIsCertainlyNotDone() {
        Shop.Answer answer = shop.send(
                        "POST",
                        "/wallet/top-ups",
                        "{\"amount\":\"5\"}",
                        "Content-Type",
                        "application/json",
                        "Idempotency-Key",
                        "nobody")
                .is(503);

        assertThat(answer.json().getString("type")).isEqualTo("urn:vitrina:problem:dependency-unavailable");
        assertThat(answer.json().getString("detail")).contains("nothing was changed");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void moreThanMayWaitAreOverloadedAtOnce() {
        behind.inventory().answer(Answer.HANGS);

        // two products of the first page are asked and the third waits, which is all that may
        CompletableFuture<Shop.Answer> first = shop.start("GET", "/products/all", null);
        await().until(() -> behind.inventory().count() == 2);

        assertThat(shop.together(4, "/products/all")).allSatisfy(answer -> {
            answer.is(200).within(Duration.ofMillis(400));
            assertThat(answer.degraded())
                    .isEqualTo("[{\"part\":\"inventory\",\"reason\":\"overloaded\",\"missing\":3}]");
        });
        assertThat(first.join().is(200).within(SECOND).degraded())
                .isEqualTo("[{\"part\":\"inventory\",\"reason\":\"timeout\",\"missing\":3}]");
    }
}

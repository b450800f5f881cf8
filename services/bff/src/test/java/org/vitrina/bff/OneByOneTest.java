package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

/** Inventory asked one call a product; favorites over a single connection; a cart that is tried again late, and asked twice early. */
@QuarkusTest
@TestProfile(OneByOneTest.OneByOne.class)
class OneByOneTest extends BffTest {
    public static class OneByOne implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "vitrina.bff.inventory.batch", "false",
                    "vitrina.bff.favorites.max-connections", "1",
                    "vitrina.bff.favorites.max-waiting", "1",
                    // connections are shared out among event loops
                    "quarkus.vertx.event-loops-pool-size", "1",
                    "vitrina.bff.cart.hedge-after", "100ms",
                    "vitrina.bff.cart.retry-interval", "250ms");
        }
    }

    @Test
    void asksForEachProductAtTheSameTime() {
        behind.inventory().answer(request -> Backs.levels(request).after(Duration.ofMillis(200)));

        Shop.Answer answer = shop.get("/products/all").is(200).within(Duration.ofMillis(350));

        assertThat(levels(answer)).isEqualTo("[10, 20, 30]");
        assertThat(answer.degraded()).isEqualTo("[]");
        assertThat(behind.inventory().requests())
                .extracting(FakeService.Request::target)
                .containsExactlyInAnyOrder("/products/1/inventory", "/products/2/inventory", "/products/3/inventory");
    }

    @Test
    void oneProductThatHangsIsMissingAlone() {
        behind.inventory().answer(request -> request.target().contains("/2/") ? Answer.HANGS : Backs.levels(request));

        Shop.Answer answer = shop.get("/products/all").is(200).within(SECOND);

        assertThat(levels(answer)).isEqualTo("[10, null, 30]");
        assertThat(answer.degraded()).isEqualTo("[{\"part\":\"inventory\",\"reason\":\"timeout\",\"missing\":1}]");
        await().until(() -> behind.inventory().cancelled() == 1);
    }

    @Test
    void theMostFrequentReasonIsTold() {
        behind.inventory().answer(request -> request.target().contains("/2/") ? Answer.HANGS : Answer.status(500));

        Shop.Answer answer = shop.get("/products/all").is(200).within(SECOND);

        assertThat(levels(answer)).isEqualTo("[null, null, null]");
        assertThat(answer.degraded())
                .isEqualTo("[{\"part\":\"inventory\",\"reason\":\"too-many-retries\",\"missing\":3}]");
    }

    @Test
    void aProductUnknownToInventoryIsNullWithoutDegrading() {
        behind.inventory()
                .answer(request -> request.target().contains("/2/") ? Answer.status(404) : Backs.levels(request));

        Shop.Answer answer = shop.get("/products/all").is(200);

        assertThat(levels(answer)).isEqualTo("[10, null, 30]");
        assertThat(answer.degraded()).isEqualTo("[]");
    }

    @Test
    void moreCallsThanMayWaitAreOverloaded() {
        behind.favorites().answer(Answer.HANGS);

        List<Shop.Answer> answers = shop.together(10, "/products/all");

        assertThat(answers)
                .allSatisfy(answer -> answer.is(200))
                .filteredOn(answer ->
                        answer.degraded().equals("[{\"part\":\"favorites\",\"reason\":\"overloaded\",\"missing\":1}]"))
                .hasSize(8)
                .allSatisfy(answer -> answer.within(Duration.ofMillis(400)));
        Shop.Answer alone = shop.get("/favorites").is(504);
        assertThat(alone.json().getString("reason")).isEqualTo("timeout");
    }

    @Test
    void aCallerWhoLeavesWhileATryIsPendingCausesNoFurtherOne() throws Exception {
        behind.cart().answer(Answer.status(500));
        behind.products().answer(Answer.HANGS);

        shop.askAndLeave("/products/all", () -> behind.cart().count() == 1);
        await().until(() -> behind.products().cancelled() == 1);

        // a pause is 250 to 270 ms long; what is not there after it does not come
        await().pollDelay(Duration.ofMillis(400)).until(() -> true);
        assertThat(behind.cart().count()).isEqualTo(1);
    }

    @Test
    void triesAgainAfterThePauseAndItsJitter() {
        behind.cart().answer(request -> behind.cart().count() < 2 ? Answer.status(500) : Answer.json("[]"));

        Shop.Answer answer = shop.get("/products/all")
                .is(200)
                .notBefore(Duration.ofMillis(250))
                .within(SECOND);

        assertThat(answer.json().getInteger("cart_items")).isZero();
    }

    @Test
    void aReadThatHangsIsAskedASecondTimeAndAWriteIsNot() {
        behind.cart().answer(request -> behind.cart().count() == 1 ? Answer.HANGS : Answer.json("[]"));

        Shop.Answer page = shop.get("/products/all")
                .is(200)
                .notBefore(Duration.ofMillis(100))
                .within(SECOND);

        assertThat(page.degraded()).isEqualTo("[]");
        assertThat(behind.cart().count()).isEqualTo(2);
        await().until(() -> behind.cart().cancelled() == 1);

        // by the declared client
        behind.cart().forget();
        shop.get("/cart").is(200);
        assertThat(behind.cart().count()).isEqualTo(2);
        await().until(() -> behind.cart().cancelled() == 1);

        behind.cart().forget();
        behind.cart().answer(Answer.status(204).after(Duration.ofMillis(250)));
        shop.send("DELETE", "/cart", null).is(204);
        assertThat(behind.cart().count()).isEqualTo(1);
    }

    private static String levels(Shop.Answer answer) {
        return answer.json().getJsonArray("products").stream()
                .map(product -> String.valueOf(((JsonObject) product).getInteger("inventory")))
                .toList()
                .toString();
    }
}

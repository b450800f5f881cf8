package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.http.Answer;

/** The shop page within its time: budget, deadline, callers who leave. */
@QuarkusTest
class ShopPageTimeTest extends ShopPageSuite {
    @Test
    void whenEverythingHangsEveryCallIsReallyCancelled() {
        behind.all().forEach(service -> service.answer(Answer.HANGS));

        shop.get("/products/all").is(504).within(SECOND);

        await().untilAsserted(() -> {
            assertThat(behind.products().cancelled()).isEqualTo(1);
            assertThat(behind.cart().cancelled()).isEqualTo(1);
            assertThat(behind.favorites().cancelled()).isEqualTo(1);
        });
        assertThat(behind.all())
                .allSatisfy(service -> assertThat(service.count()).isLessThanOrEqualTo(1));
    }

    @Test
    void aLateCatalogueBeforeAHangingInventoryStaysInTheBudget() {
        behind.all().forEach(service -> service.answer(Answer.HANGS));
        behind.products().answer(Backs.page(1, 2, 3).after(Duration.ofMillis(900)));

        Shop.Answer answer = shop.get("/products/all").is(200).within(Duration.ofSeconds(2));

        assertThat(answer.degraded())
                .isEqualTo("[{\"part\":\"cart\",\"reason\":\"timeout\",\"missing\":1},"
                        + "{\"part\":\"favorites\",\"reason\":\"timeout\",\"missing\":1},"
                        + "{\"part\":\"inventory\",\"reason\":\"timeout\",\"missing\":3}]");
        await().until(() -> behind.inventory().cancelled() == 1);
    }

    @Test
    void triesAgainInsideTheBudgetUntilItSucceeds() {
        behind.ofThePage().forEach(service -> {
            CountDownLatch failures = new CountDownLatch(3);
            service.answer(request -> {
                if (failures.getCount() > 0) {
                    failures.countDown();
                    return Answer.status(500);
                }
                if (service == behind.products()) {
                    return Backs.page(1, 2, 3);
                }
                return service == behind.inventory() ? Backs.levels(request) : Answer.json("[{\"product_id\":1}]");
            });
        });

        Shop.Answer answer = shop.get("/products/all").is(200);

        assertThat(answer.degraded()).isEqualTo("[]");
        assertThat(levels(answer)).isEqualTo("[10, 20, 30]");
        assertThat(behind.ofThePage())
                .allSatisfy(service -> assertThat(service.count()).isEqualTo(4));
    }

    @Test
    void keepsTheCallersShorterDeadline() {
        behind.products().answer(Answer.HANGS);

        shop.get("/products/all", "X-Request-Deadline-Ms", "300")
                .is(504)
                .notBefore(Duration.ofMillis(200))
                .within(Duration.ofMillis(300));

        assertThat(Integer.parseInt(behind.products().requests().getFirst().header("X-Request-Deadline-Ms")))
                .isBetween(150, 280);
    }

    @Test
    void answersByTheCallersDeadlineWithWhatIsThere() {
        behind.cart().answer(Answer.HANGS);
        behind.inventory().answer(Answer.HANGS);

        Shop.Answer answer = shop.get("/products/all", "X-Request-Deadline-Ms", "400")
                .is(200)
                .within(Duration.ofMillis(400));

        assertThat(answer.degraded())
                .isEqualTo("[{\"part\":\"cart\",\"reason\":\"timeout\",\"missing\":1},"
                        + "{\"part\":\"inventory\",\"reason\":\"timeout\",\"missing\":3}]");
    }

    @Test
    void aDeadlineAboveTheBudgetIsCappedAndOneThatIsNoneIsRefused() {
        behind.products().answer(Answer.HANGS);
        shop.get("/products/all", "X-Request-Deadline-Ms", "60000").is(504).within(SECOND);
        for (String bad : List.of("0", "-5", "soon", "1.5")) {
            shop.get("/products/all", "X-Request-Deadline-Ms", bad).is(400);
        }
    }

    @Test
    void shortDeadlinesOpenNoBreaker() {
        behind.products().answer(Answer.HANGS);
        assertThat(shop.together(40, "/products/all", "X-Request-Deadline-Ms", "150"))
                .allSatisfy(answer -> answer.is(504));

        behind.heal();

        assertThat(shop.get("/products/all").is(200).body()).isEqualTo(WELL);
    }

    @Test
    void aCallerWhoLeavesEndsAllCallsAndCausesNoFurtherOne() throws IOException {
        behind.all().forEach(service -> service.answer(Answer.HANGS));
        shop.askAndLeave(
                "/products/all",
                () -> behind.products().count() == 1
                        && behind.cart().count() == 1
                        && behind.favorites().count() == 1);

        await().atMost(Duration.ofMillis(900))
                .until(() -> behind.products().cancelled() == 1
                        && behind.cart().cancelled() == 1
                        && behind.favorites().cancelled() == 1);
        // a call made in spite would have come by the time another page is there
        behind.heal();
        shop.get("/products/all?user_id=99").is(200);
        assertThat(targets(behind.inventory())).hasSize(1);
        assertThat(targets(behind.cart())).containsExactly("/users/99/cart");
    }

    @Test
    void aCallerWhoLeavesBeforeInventoryIsAskedLeavesItInPeace() throws IOException {
        CountDownLatch open = new CountDownLatch(1);
        behind.products().answer(Backs.page(1, 2, 3).when(open));
        shop.askAndLeave("/products/all", () -> behind.products().count() == 1);
        await().until(() -> behind.products().cancelled() == 1);
        open.countDown();

        behind.heal();
        shop.get("/products/all?limit=2").is(200);
        assertThat(targets(behind.inventory())).containsExactly("/inventory?product_ids=11,12");
    }

    @Test
    void sixtyAtOnceBeforeAHangingInventoryAllGetTheirPage() {
        behind.inventory().answer(Answer.HANGS);

        List<Shop.Answer> answers = shop.together(60, "/products/all");

        assertThat(answers).allSatisfy(answer -> {
            answer.is(200).within(Duration.ofSeconds(2));
            assertThat(answer.degraded()).contains("\"part\":\"inventory\"").contains("\"missing\":3");
        });
    }
}

package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.ExecutorHolder;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.LogLines;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

/** {@code /cart}, {@code /favorites} and {@code /products/{id}}. */
@QuarkusTest
class RelayTest extends BffTest {
    private static final String JSON = "application/json";

    @Inject
    ExecutorHolder timers;

    @Test
    void hasTheTimersOfItsCallsOnItsEventLoops() {
        assertThat(timers.getClass().getName()).isEqualTo("org.vitrina.client.LoopTimers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cart", "/cart/", "/cart?user_id=3"})
    void handsTheCartOnAsItIs(String path) {
        behind.cart().answer(Answer.json("[ {\"product_id\":1,\"quantity\":7} ]"));

        Shop.Answer answer = shop.get(path).is(200);

        assertThat(answer.body()).isEqualTo("[ {\"product_id\":1,\"quantity\":7} ]");
        assertThat(answer.header("Content-Type")).startsWith(JSON);
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-store");
        assertThat(behind.cart().requests().getFirst().target()).isEqualTo("/users/3/cart");
    }

    @Test
    void favoritesThatAreNoneAreAProblemOfOurOwnForm() {
        Shop.Answer answer = shop.get("/favorites?user_id=8").is(404);

        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().getString("error")).isEqualTo(answer.json().getString("detail"));
        assertThat(behind.favorites().requests().getFirst().target()).isEqualTo("/users/8/favorites");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /cart/5, PUT, /users/3/cart/5, '{\"quantity\": 2}'",
        "PUT, /cart/5/?user_id=7, PUT, /users/7/cart/5, '{\"quantity\": 2}'",
        "DELETE, /cart/5, DELETE, /users/3/cart/5,",
        "DELETE, /cart, DELETE, /users/3/cart,",
        "PUT, /favorites/5, PUT, /users/3/favorites/5,",
        "DELETE, /favorites/5/, DELETE, /users/3/favorites/5,"
    })
    void handsWritesOn(String method, String path, String passedMethod, String target, @Nullable String body) {
        FakeService service = path.startsWith("/cart") ? behind.cart() : behind.favorites();

        Shop.Answer answer = shop.send(method, path, body, "Content-Type", JSON, "X-Request-Id", "w-1")
                .is(204);

        assertThat(answer.body()).isEmpty();
        FakeService.Request request = service.requests().getFirst();
        assertThat(request.method()).isEqualTo(passedMethod);
        assertThat(request.target()).isEqualTo(target);
        assertThat(request.body()).isEqualTo(body == null ? "" : body);
        assertThat(request.header("X-Request-Id")).isEqualTo("w-1");
        assertThat(Integer.parseInt(request.header("X-Request-Deadline-Ms"))).isBetween(700, 980);
    }

    @Test
    void handsARefusalOnWithItsViolations() {
        behind.cart()
                .answer(Answer.of(
                        400,
                        Map.of("Content-Type", "application/problem+json"),
                        "{\"type\":\"urn:vitrina:problem:validation\",\"title\":\"Invalid input\",\"status\":400,"
                                + "\"detail\":\"quantity\",\"instance\":\"/users/3/cart/5\",\"trace_id\":\"x\","
                                + "\"violations\":[{\"field\":\"quantity\",\"message\":\"1..999\"}]}"));

        Shop.Answer answer = shop.send("PUT", "/cart/5", "{\"quantity\":0}", "Content-Type", JSON)
                .is(400);

        JsonObject problem = answer.json();
        assertThat(problem.getString("type")).isEqualTo("urn:vitrina:problem:validation");
        assertThat(problem.getString("title")).isEqualTo("Invalid input");
        assertThat(problem.getString("detail")).isEqualTo("quantity");
        assertThat(problem.getString("error")).isEqualTo("quantity");
        assertThat(problem.getString("instance")).isEqualTo("/cart/5");
        assertThat(problem.getJsonArray("violations").encode())
                .isEqualTo("[{\"field\":\"quantity\",\"message\":\"1..999\"}]");
        assertThat(behind.cart().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"PUT, /cart/5", "DELETE, /cart/5", "DELETE, /cart", "PUT, /favorites/5", "DELETE, /favorites/5"})
    void aWriteThatHangsHasAnUnknownOutcomeAndIsCancelled(String method, String path) {
        FakeService service = path.startsWith("/cart") ? behind.cart() : behind.favorites();
        service.answer(Answer.HANGS);

        Shop.Answer answer = shop.send(method, path, method.equals("PUT") ? "{}" : null, "Content-Type", JSON)
                .is(504)
                .within(SECOND);

        assertThat(answer.json().getString("type")).isEqualTo("urn:vitrina:problem:outcome-unknown");
        assertThat(answer.json().getString("detail")).contains("repeat with the same key");
        assertThat(answer.json().getString("reason")).isEqualTo("timeout");
        await().until(() -> service.cancelled() == 1);
        assertThat(service.count()).isEqualTo(1);
    }

    @Test
    void anIdempotentWriteIsTriedAgain() {
        behind.cart().answer(request -> behind.cart().count() < 3 ? Answer.status(500) : Answer.status(204));

        shop.send("PUT", "/cart/5", "{\"quantity\":2}", "Content-Type", JSON).is(204);

        assertThat(behind.cart().requests()).hasSize(3).allSatisfy(request -> assertThat(request.body())
                .isEqualTo("{\"quantity\":2}"));
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /cart/abc",
        "PUT, /cart/0",
        "DELETE, /cart/2147483648",
        "PUT, /favorites/-1",
        "DELETE, /cart?user_id=x",
        "GET, /cart?user_id=0",
        "GET, /favorites?user_id=x",
        "GET, /products/abc",
        "GET, /products/0",
        "GET, /products/2147483648"
    })
    void refusesBadIdsAndAsksNobody(String method, String path) {
        Shop.Answer answer = shop.send(method, path, method.equals("PUT") ? "{}" : null, "Content-Type", JSON)
                .is(400);

        assertThat(answer.json().getString("type")).isEqualTo("urn:vitrina:problem:bad-request");
        assertThat(behind.all())
                .allSatisfy(service -> assertThat(service.count()).isZero());
    }

    @ParameterizedTest
    @CsvSource({"/cart", "/favorites", "/products/7"})
    void aReadThatFailsSaysHow(String path) {
        FakeService service = path.startsWith("/cart")
                ? behind.cart()
                : path.startsWith("/products") ? behind.products() : behind.favorites();
        service.answer(Answer.HANGS);
        shop.get(path).is(504).within(SECOND);
        await().until(() -> service.cancelled() == 1);
        service.answer(Answer.status(500));
        service.forget();
        assertThat(shop.get(path).is(500).json().getString("reason")).isEqualTo("too-many-retries");
        assertThat(service.count()).isEqualTo(4);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            shop.together(25, path);
            Shop.Answer open = shop.get(path).is(503).within(AT_ONCE);
            assertThat(open.header("Retry-After")).isEqualTo("1");
            assertThat(open.json().getString("reason")).isEqualTo("circuit-open");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/products/7", "/products/7/"})
    void aProductComesWithItsStock(String path) {
        Shop.Answer answer = shop.get(path).is(200);

        assertThat(answer.body())
                .isEqualTo("{\"product_id\":7,\"product_name\":\"Product 7\",\"price\":\"7.50\",\"category_id\":1,"
                        + "\"inventory\":70,\"degraded\":[]}");
        assertThat(answer.header("Cache-Control"))
                .isEqualTo("public, max-age=1, stale-while-revalidate=1, stale-if-error=30");
        assertThat(answer.header("Cache-Status")).isEqualTo("bff; fwd=bypass");
        Shop.Answer known = shop.get(path, "If-None-Match", "\"other\"", "If-None-Match", answer.header("ETag"))
                .is(304);
        assertThat(known.body()).isEmpty();
        assertThat(known.header("ETag")).isEqualTo(answer.header("ETag"));
        assertThat(known.header("Cache-Control")).isEqualTo(answer.header("Cache-Control"));
        assertThat(shop.get(path, "If-None-Match", "*").is(304).header("ETag")).isEqualTo(answer.header("ETag"));
        assertThat(shop.get(path, "If-None-Match", "\"other\"").is(200).body()).isEqualTo(answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cart", "/products/7", "/products/all"})
    void aCallerWhoLeavesIsNoError(String path) throws Exception {
        behind.cart().answer(Answer.HANGS);
        behind.products().answer(Answer.HANGS);

        try (LogLines log = new LogLines()) {
            FakeService asked = path.equals("/cart") ? behind.cart() : behind.products();
            shop.askAndLeave(path, () -> asked.count() == 1);

            await().until(() -> asked.cancelled() == 1);
            assertThat(log.errors()).isEmpty();
        }
    }

    @Test
    void anUnknownProductIsNotFound() {
        assertThat(shop.get("/products/1001").is(404).json().getString("type"))
                .isEqualTo("urn:vitrina:problem:not-found");
    }

    @Test
    void aProductIsShownWithoutItsStockWhenInventoryHangs() {
        behind.inventory().answer(Answer.HANGS);

        Shop.Answer answer = shop.get("/products/7").is(200).within(SECOND);

        assertThat(answer.json().getValue("inventory")).isNull();
        assertThat(answer.degraded()).isEqualTo("[{\"part\":\"inventory\",\"reason\":\"timeout\",\"missing\":1}]");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.header("X-Request-Deadline-Exceeded")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/products/7", "/products/all"})
    void whatTheCallersDeadlineCutShortSaysSo(String path) {
        behind.inventory().answer(Answer.HANGS);

        Shop.Answer answer = shop.get(path, "X-Request-Deadline-Ms", "400").is(200);

        assertThat(answer.degraded()).contains("\"part\":\"inventory\",\"reason\":\"timeout\"");
        assertThat(answer.header("X-Request-Deadline-Exceeded")).isEqualTo("true");
        behind.heal();
        assertThat(shop.get(path, "X-Request-Deadline-Ms", "1500").is(200).header("X-Request-Deadline-Exceeded"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"GET, /products/all, products", "GET, /cart, cart", "DELETE, /cart, cart"})
    void anErrorThatTheCallersDeadlineMadeSaysSo(String method, String path, String service) {
        FakeService hangs = service.equals("cart") ? behind.cart() : behind.products();
        hangs.answer(Answer.HANGS);

        assertThat(shop.send(method, path, null, "X-Request-Deadline-Ms", "300")
                        .is(504)
                        .header("X-Request-Deadline-Exceeded"))
                .isEqualTo("true");
        assertThat(shop.send(method, path, null).is(504).header("X-Request-Deadline-Exceeded"))
                .isEmpty();
    }
}

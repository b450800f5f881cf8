package org.vitrina.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.PostgresResource;

/** What is no order: a problem is the answer, and nothing has changed. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
@SuppressWarnings("NullAway.Init") // set by the test resource
class BadOrderTest {
    private static final String LINE = "{\"id\":1,\"price\":\"10.00\",\"quantity\":1}";

    Shop.Services shop;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "null",
                "[]",
                "1",
                "{}",
                "{\"products\":[" + LINE + "]}",
                "{\"products\":[" + LINE + "],\"shipping_to\":null}",
                "{\"products\":[" + LINE + "],\"shipping_to\":\"\"}",
                "{\"products\":[" + LINE + "],\"shipping_to\":\"  \\n \"}",
                "{\"products\":[" + LINE + "],\"shipping_to\":\"a\\u0000b\"}",
                "{\"products\":[" + LINE + "],\"shipping_to\":\"a\\ud800\"}",
                "{\"products\":[" + LINE + "],\"shipping_to\":7}",
                "{\"products\":[" + LINE + "],\"shipping_to\":[\"x\"]}",
                "{\"products\":[" + LINE + "],\"shipping_to\":\"x\",\"phone\":\"89990000001\"}",
                "{\"products\":[" + LINE + "],\"shipping_to\":\"x\",\"phone\":\"+0999\"}",
                "{\"products\":[" + LINE + "],\"shipping_to\":\"x\",\"phone\":\"+79990000001234567\"}",
                "{\"products\":[" + LINE + "],\"shipping_to\":\"x\",\"phone\":79990000001}",
                "{\"products\":[" + LINE + "],\"shipping_to\":\"x\"",
                "{\"products\":[" + LINE + "],\"shipping_to\":\"x\"} {}",
                "{\"products\":[],\"shipping_to\":\"x\"}",
                "{\"products\":null,\"shipping_to\":\"x\"}",
                "{\"products\":{},\"shipping_to\":\"x\"}",
                "{\"products\":[null],\"shipping_to\":\"x\"}",
                "{\"products\":[1],\"shipping_to\":\"x\"}",
                "{\"products\":[[]],\"shipping_to\":\"x\"}",
                "{\"products\":[{}],\"shipping_to\":\"x\"}",
                "{\"products\":[{\"price\":\"10.00\"}],\"shipping_to\":\"x\"}",
                "{\"products\":[{\"id\":1}],\"shipping_to\":\"x\"}",
                "{\"products\":[{\"id\":\"1\",\"price\":\"10.00\"}],\"shipping_to\":\"x\"}",
                "{\"products\":[{\"id\":1.0,\"price\":\"10.00\"}],\"shipping_to\":\"x\"}",
                "{\"products\":[{\"id\":0,\"price\":\"10.00\"}],\"shipping_to\":\"x\"}",
                "{\"products\":[{\"id\":-1,\"price\":\"10.00\"}],\"shipping_to\":\"x\"}",
                "{\"products\":[{\"id\":2147483648,\"price\":\"10.00\"}],\"shipping_to\":\"x\"}",
                "{\"products\":[{\"id\":true,\"price\":\"10.00\"}],\"shipping_to\":\"x\"}",
                "{\"products\":[{\"id\":1,\"price\":\"10.00\"},{\"id\":1,\"price\":\"10.01\"}],\"shipping_to\":\"x\"}",
                "{\"products\":[{\"id\":1,\"price\":\"10.00\",\"quantity\":999},{\"id\":1,\"price\":\"10.00\"}],\"shipping_to\":\"x\"}",
            })
    void isRefused(String body) {
        assertRefused(body, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"10.001\"",
                "10.001",
                "\"-10\"",
                "-10",
                "\"+10\"",
                "\"1e1\"",
                "1e1",
                "1E+1",
                "\"10,00\"",
                "\" 10\"",
                "\"\"",
                "\"1 000\"",
                "\"١٠\"",
                "\"0x10\"",
                "\"NaN\"",
                "NaN",
                "\"Infinity\"",
                "1e400",
                "0.1e2",
                "\"1000000000000\"",
                "1000000000000",
                "\".5\"",
                "\"5.\"",
                "null",
                "true",
                "{}",
                "[]",
                "99999999999999999999999999999999999999.99"
            })
    void refusesAPriceOfAnotherForm(String price) {
        assertRefused("{\"products\":[{\"id\":1,\"price\":" + price + "}],\"shipping_to\":\"x\"}", 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1000", "1.0", "1.5", "\"1\"", "99999999999", "true", "[]"})
    void refusesAQuantityThatIsNone(String quantity) {
        assertRefused(
                "{\"products\":[{\"id\":1,\"price\":\"10.00\",\"quantity\":" + quantity + "}],\"shipping_to\":\"x\"}",
                400);
    }

    @ParameterizedTest
    @CsvSource({"products,101", "products,1000"})
    void refusesMoreThanAHundredLines(String field, int lines) {
        assertRefused("{\"products\":[" + lines(lines, "10.00") + "],\"shipping_to\":\"x\"}", 400)
                .then()
                .body("type", equalTo("urn:vitrina:problem:validation"))
                .body("violations.field", hasItem(field));
    }

    @Test
    void aHundredWrongLinesAreAnsweredBriefly() {
        String lines = IntStream.range(0, 100)
                .mapToObj(i -> "{\"id\":-1,\"quantity\":0}")
                .collect(Collectors.joining(","));
        Response answer = assertRefused("{\"products\":[" + lines + "],\"shipping_to\":\"x\"}", 400);
        assertThat(answer.jsonPath().getList("violations")).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "{\"id\":-1}"})
    void linesBeyondAHundredAreNotJudged(String line) {
        String lines = (line + ",").repeat(60_000 / (line.length() + 1)) + line;
        long begin = System.nanoTime();
        assertRefused("{\"products\":[" + lines + "],\"shipping_to\":\"x\"}", 400)
                .then()
                .body("violations.field", equalTo(List.of("products")))
                .body("violations.message", equalTo(List.of("1 to 100 lines are allowed")));
        // half a minute, and the memory of the process, when each was judged
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void takesAHundredLinesAndAnAddressOfAThousandCharacters() {
        Buyer buyer = new Buyer(shop, "100000.00", 0);
        for (int id = 1; id <= 100; id++) {
            shop.products.prices.put(9_000_000 + id, "1.00");
            shop.inventory.fill(9_000_000 + id, 1000);
        }
        String lines = IntStream.rangeClosed(1, 100)
                .mapToObj(id -> "{\"id\":" + (9_000_000 + id) + ",\"price\":\"1.00\",\"quantity\":999}")
                .collect(Collectors.joining(","));

        buyer.request()
                .header("Idempotency-Key", Buyer.key())
                .header("X-Request-Deadline-Ms", Buyer.LONG)
                .body("{\"products\":[" + lines + "],\"shipping_to\":\"" + "я".repeat(998) + "\\n!\"}")
                .post("/api/v1/orders/")
                .then()
                .statusCode(201)
                .body("total", equalTo("99900.00"))
                .body("shipping_to", equalTo("я".repeat(998) + "\n!"));
    }

    @Test
    void refusesAnAddressOfMoreThanAThousandCharacters() {
        assertRefused("{\"products\":[" + LINE + "],\"shipping_to\":\"" + "x".repeat(1001) + "\"}", 400)
                .then()
                .body("violations.field", equalTo(List.of("shipping_to")));
    }

    @Test
    void refusesAnAddressOfSixtyFourKibibytes() {
        assertRefused("{\"products\":[" + LINE + "],\"shipping_to\":\"" + "x".repeat(1 << 16) + "\"}", 413);
        assertRefused("{\"products\":[" + LINE + "],\"shipping_to\":\"" + "x".repeat((1 << 16) - 100) + "\"}", 400);
    }

    @Test
    void refusesWhatIsNoJson() {
        Buyer buyer = Buyer.in(shop);
        buyer.request()
                .contentType("text/plain")
                .header("Idempotency-Key", Buyer.key())
                .body(buyer.body(1))
                .post("/api/v1/orders/")
                .then()
                .statusCode(415);
        assertThat(buyer.orders()).isZero();
    }

    private static String lines(int lines, String price) {
        return IntStream.rangeClosed(1, lines)
                .mapToObj(id -> "{\"id\":" + id + ",\"price\":\"" + price + "\"}")
                .collect(Collectors.joining(","));
    }

    private Response assertRefused(String body, int status) {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        Response answer =
                buyer.request().header("Idempotency-Key", key).body(body).post("/api/v1/orders/");
        answer.then().statusCode(status).contentType("application/problem+json").body("status", equalTo(status));
        assertThat(buyer.orders()).isZero();
        assertThat(buyer.etag()).isEqualTo("\"0\"");
        // the key is free
        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201);
        return answer;
    }
}

package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.ExportedMeters;
import org.vitrina.testing.OpenApiContract;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.identity.AccessMatrix;
import org.vitrina.testing.identity.TestIssuer;

/** {@code /ops/resilience}, its stream, the metrics and the OpenAPI document. */
@QuarkusTest
class ResilienceTest extends BffTest {
    @Test
    void countsCallsByTheirOutcome() {
        JsonObject before = cart();
        shop.get("/cart").is(200);
        behind.cart().answer(Answer.status(500));
        shop.get("/cart").is(500);
        behind.cart().answer(Answer.HANGS);
        shop.get("/cart").is(504);
        JsonObject after = cart();

        assertThat(grown(before, after, "calls")).isEqualTo(3);
        assertThat(grown(before, after, "successes")).isEqualTo(1);
        assertThat(grown(before, after, "failures")).isEqualTo(1);
        assertThat(grown(before, after, "timeouts")).isEqualTo(1);
        assertThat(grown(before, after, "retries")).isEqualTo(3);
        assertThat(grown(before, after, "rejected")).isZero();
        assertThat(after.getString("breaker")).isEqualTo("closed");
        assertThat(after.getDouble("p99_ms")).isGreaterThanOrEqualTo(after.getDouble("p50_ms"));
    }

    @Test
    void showsWhatADependencyRefusesAndWhatCallersAbandonAsSuch() throws IOException {
        JsonObject before = cart();
        behind.cart().answer(Answer.status(418));
        assertThat(shop.get("/products/all").is(200).degraded()).contains("\"part\":\"cart\",\"reason\":\"error\"");
        behind.cart().answer(Answer.HANGS);
        int asked = behind.cart().count();
        shop.askAndLeave("/cart", () -> behind.cart().count() == asked + 1);
        await().until(() -> grown(before, cart(), "abandoned") == 1);
        JsonObject after = cart();

        assertThat(grown(before, after, "refused")).isEqualTo(1);
        assertThat(grown(before, after, "calls")).isEqualTo(2);
        for (String other : List.of("successes", "failures", "timeouts", "rejected", "retries")) {
            assertThat(grown(before, after, other)).as(other).isZero();
        }
    }

    @Test
    void knowsEveryDependencyTheCacheAndTheLimit() {
        JsonObject state = shop.get("/ops/resilience").is(200).json();

        assertThat(state.getJsonArray("dependencies").stream().map(each -> ((JsonObject) each).getString("name")))
                .containsExactlyInAnyOrder(
                        "products",
                        "inventory",
                        "favorites",
                        "cart",
                        "orders",
                        "wallet",
                        "notifications",
                        "predictions");
        assertThat(state.getJsonArray("discovered"))
                .as("nothing is found by a registry")
                .isEmpty();
        assertThat(state.getJsonObject("cache").getString("topology")).isEqualTo("off");
        assertThat(state.getJsonObject("limit").fieldNames()).contains("limit", "in_flight", "waiting", "rejected");
        assertThat(state.getString("instance")).isNotBlank();
        assertThat(state.getJsonObject("pages").fieldNames()).contains("complete", "failed", "degraded");
    }

    @Test
    void tellsTheSameAsAStreamAndMakesRoomWhenTheCallerLeaves() throws IOException {
        for (int round = 0; round < 3; round++) {
            List<Socket> callers = new ArrayList<>();
            try {
                await().until(() -> {
                    Socket caller = stream();
                    if (status(caller) == 200) {
                        callers.add(caller);
                    } else {
                        caller.close();
                    }
                    return callers.size() == 3;
                });
                for (Socket caller : callers) {
                    assertThat(event(caller).getJsonArray("dependencies")).hasSize(8);
                }
                try (Socket one = stream()) {
                    assertThat(status(one)).isEqualTo(503);
                }
            } finally {
                for (Socket caller : callers) {
                    caller.close();
                }
            }
        }
    }

    /** And says nothing of it where readiness is asked for. */
    @Test
    void tellsOfItsDependenciesLastCallsWithoutDecidingAnything() {
        shop.get("/products/all").is(200);

        var well = new JsonObject(RestAssured.given()
                .get(management.resolve("/q/health/well").toString())
                .asString());
        assertThat(well.getString("status")).isEqualTo("UP");
        JsonObject data = well.getJsonArray("checks").getJsonObject(0).getJsonObject("data");
        assertThat(data.fieldNames())
                .contains("products.calls", "products.failed", "products.timeouts", "products.not_made")
                .contains("products.breaker", "products.p50_ms", "products.slowest_ms", "wallet.calls");
        assertThat(data.getInteger("products.calls")).isPositive();
        assertThat(RestAssured.given()
                        .get(management.resolve("/q/health/ready").toString())
                        .asString())
                .doesNotContain("products.calls");
    }

    @Test
    void exportsMetrics() {
        shop.get("/products/all").is(200);

        String metrics = RestAssured.given()
                .get(management.resolve("/q/metrics").toString())
                .asString();

        assertThat(ExportedMeters.of(metrics)).isSubsetOf(ExportedMeters.documented());
        assertThat(metrics)
                .contains("vitrina_page_seconds_bucket{outcome=\"complete\",reason=\"\",le=\"0.025\"}")
                .contains("vitrina_page_seconds_count{outcome=\"failed\",reason=\"\"}")
                .contains("vitrina_client_duration_seconds_bucket{dependency=\"cart\",le=\"0.005\"}");
        for (String dependency : List.of(
                "products", "inventory", "favorites", "cart", "orders", "wallet", "notifications", "predictions")) {
            assertThat(metrics)
                    .contains("vitrina_client_calls_total{dependency=\"" + dependency + "\",outcome=\"success\"}")
                    .contains("vitrina_client_calls_total{dependency=\"" + dependency + "\",outcome=\"rejected\"}")
                    .contains("vitrina_client_retries_total{dependency=\"" + dependency + "\"}")
                    .contains("vitrina_client_retry_budget{dependency=\"" + dependency + "\"}")
                    // its value is that of the first program in this JVM, which need not be this one
                    .contains("vitrina_client_breaker_open{dependency=\"" + dependency + "\"}")
                    .contains("vitrina_client_duration_seconds_count{dependency=\"" + dependency + "\"}");
        }
    }

    @Test
    void labelsItsCallsWithNothingThatACallerSent() {
        for (int id = 1; id <= 150; id++) {
            shop.get("/products/" + (4_000_000 + id));
            shop.get("/api/v1/orders/junk" + id);
        }

        List<String> series = RestAssured.given()
                .get(management.resolve("/q/metrics").toString())
                .asString()
                .lines()
                .filter(line -> line.startsWith("http_"))
                .toList();
        assertThat(series).isNotEmpty().noneMatch(line -> line.contains("junk") || line.contains("/4000"));
        assertThat(series).anyMatch(line -> line.contains("uri=\"/products/{id}\""));
    }

    @Test
    void servesAnOpenApiThatAgreesWithTheContract() {
        OpenApiContract.served(shop.get("/q/openapi").is(200).body())
                .operation("GET /products/all", 200, 400, 500, 503, 504)
                .operation("GET /products/{id}", 200, 304, 400, 404, 500, 503, 504)
                .operation("GET /cart", 200, 400, 500, 503, 504)
                .operation("DELETE /cart", 204, 400, 503, 504)
                .operation("PUT /cart/{product_id}", 204, 400, 503, 504)
                .operation("DELETE /cart/{product_id}", 204, 400, 503, 504)
                .operation("GET /favorites", 200, 400, 404, 500, 503, 504)
                .operation("PUT /favorites/{product_id}", 204, 400, 503, 504)
                .operation("DELETE /favorites/{product_id}", 204, 400, 503, 504)
                .operation("GET /api/v1/orders", 200, 400, 500, 503, 504)
                .operation("POST /api/v1/orders", 201, 202, 400, 402, 409, 412, 422, 503, 504)
                .operation("GET /api/v1/orders/{id}", 200, 400, 404, 500, 503, 504)
                .operation("DELETE /api/v1/orders/{id}", 200, 202, 400, 412, 503, 504)
                .operation("GET /api/v1/orders/{id}/events", 200, 400, 404, 503)
                .operation("GET /wallet", 200, 400, 500, 503, 504)
                .operation("POST /wallet/top-ups", 201, 400, 403, 422, 503, 504)
                .operation("GET /notifications", 200, 400, 500, 503, 504)
                .operation("GET /predictions/product/{id}", 200, 304, 400, 404, 500, 503, 504)
                .operation("GET /predictions/category/{id}", 200, 400, 500, 503, 504)
                .operation("POST /predictions/requests", 202, 400, 422, 503, 504)
                .operation("GET /predictions/requests/{id}", 200, 400, 404, 500, 503, 504)
                .operation("GET /session", 200, 401)
                .operation("POST /session/sign-in", 200, 400, 404, 429)
                .operation("POST /session/back-channel-logout", 200, 400, 403, 404, 503)
                .operation("POST /session/sign-out", 204, 403)
                .operation("GET /.well-known/jwks.json", 200, 404)
                .operation("GET /predictions/requests/{id}/events", 200, 400, 404, 503)
                .operation("GET /predictions/requests/events", 200, 400, 503)
                .operation("GET /predictions/score", 200, 400, 404, 500, 503, 504)
                .operation("GET /predictions/parameters/classifier/{id}", 200, 304, 400, 404, 500, 503, 504)
                .operation("GET /ops/orders/{id}", 200, 400, 404, 500, 503, 504)
                .operation("GET /ops/resilience", 200)
                .operation("GET /ops/experiments", 200)
                .operation("PUT /ops/experiments/{name}", 200, 400, 409, 503)
                .operation("POST /ops/experiments/{name}/stop", 200, 404, 503)
                .operation("DELETE /ops/experiments/{name}", 204, 404, 503)
                .operation("GET /ops/resilience/stream", 200, 503)
                .fields("GET /products/all 200", "cart_items", "favorite_items", "products", "degraded", "left_out")
                .assertAgrees();
        shop.get("/q/swagger-ui/").is(200);
    }

    @Test
    void letsInWhomItsDescriptionNamesAndNobodyElse() {
        Consumer<@Nullable String> enforcement = Arc.container()
                .<Consumer<@Nullable String>>instance("vitrina-enforcement")
                .get();
        TestIssuer issuer = new TestIssuer();
        JsonObject described = shop.get("/q/openapi?format=JSON").is(200).json();
        // public, but with somebody's own in it for who is signed in: SessionTest
        described.getJsonObject("paths").remove("/products/all");
        JsonPath document = new JsonPath(described.encode());
        enforcement.accept(issuer.jwks());
        try {
            new AccessMatrix(base, issuer).check(document);
        } finally {
            enforcement.accept(null);
        }
    }

    private Socket stream() throws IOException {
        return shop.ask("/ops/resilience/stream", "Accept: text/event-stream");
    }

    private static int status(Socket caller) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = caller.getInputStream().read();
                c != '\n' && c >= 0;
                c = caller.getInputStream().read()) {
            line.append((char) c);
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private static JsonObject event(Socket caller) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (!line.startsWith("data:")) {
            line = lines.readLine();
        }
        return new JsonObject(line.substring("data:".length()));
    }

    private JsonObject cart() {
        return shop.get("/ops/resilience").is(200).json().getJsonArray("dependencies").stream()
                .map(each -> (JsonObject) each)
                .filter(each -> each.getString("name").equals("cart"))
                .findFirst()
                .orElseGet(() -> {
                    shop.get("/cart").is(200);
                    return cart();
                });
    }

    private static long grown(JsonObject before, JsonObject after, String count) {
        return after.getLong(count) - before.getLong(count);
    }
}

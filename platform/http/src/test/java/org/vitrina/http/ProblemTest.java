package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ProblemTest {
    @TestHTTPResource("/")
    URI base;

    private Http http() {
        return new Http(base);
    }

    private static void assertProblem(Http.Answer answer, int status, String slug, String path) throws Exception {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("type").asText()).isEqualTo("urn:vitrina:problem:" + slug);
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asText()).isNotEmpty();
        assertThat(problem.path("instance").asText()).isEqualTo(path);
        assertThat(problem.path("trace_id").asText())
                .isEqualTo(answer.header("X-Request-Id"))
                .isNotEmpty();
        assertThat(problem.path("error").asText())
                .isEqualTo(problem.path("detail").asText());
        assertThat(answer.response().body()).doesNotContainIgnoringCase("exception", "secret", "org.vitrina", "java.");
    }

    @Test
    void tellsAProblemOfTheServiceWithItsMembersAndHeaders() throws Exception {
        Http.Answer answer = http().get("/gone?x=1");
        assertProblem(answer, 409, "out-of-stock", "/gone");
        assertThat(answer.json().path("product_ids").path(0).asInt()).isEqualTo(7);
        assertThat(answer.json().path("title").asText()).isEqualTo("Out of stock");
        assertThat(answer.json().path("detail").asText()).isEqualTo("Too little of product 7.");
        assertThat(answer.header("X-Why")).isEqualTo("stock");
        assertThat(answer.header("Retry-After")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bug", "/bug-at-once", "/unwritable"})
    void keepsWhatNobodyForesawToItself(String path) throws Exception {
        assertProblem(http().get(path), 500, "internal", path);
    }

    @Test
    void tellsWhatTheFrameworkRefuses() throws Exception {
        assertProblem(http().get("/nowhere"), 404, "not-found", "/nowhere");
        assertProblem(http().get("/things/1/nothing"), 404, "not-found", "/things/1/nothing");
        assertProblem(http().get("/q/nowhere"), 404, "not-found", "/q/nowhere");
        assertProblem(http().get("/things/1", "Accept", "image/png"), 406, "not-acceptable", "/things/1");
        assertProblem(http().post("/orders", "text/csv", "a;b"), 415, "unsupported-media-type", "/orders");
        assertProblem(http().post("/things/1", "application/json", "{}"), 405, "method-not-allowed", "/things/1");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /things/1, 'DELETE, GET, HEAD, OPTIONS'",
        "PUT, /things/1/, 'DELETE, GET, HEAD, OPTIONS'",
        "PATCH, /orders, 'OPTIONS, POST'"
    })
    void tellsWhichMethodsAPathKnows(String method, String path, String allowed) throws Exception {
        Http.Answer answer = http().send(http().to(path).method(method, HttpRequest.BodyPublishers.noBody()));
        assertProblem(answer, 405, "method-not-allowed", path);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"/things/1, 'DELETE, GET, HEAD, OPTIONS'", "/orders, 'OPTIONS, POST'"})
    void tellsWhoAsksByOptionsTheSameMethods(String path, String allowed) throws Exception {
        Http.Answer answer = http().send(http().to(path).method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
    }

    @Test
    void readsAUuidInAnyCase() throws Exception {
        assertThat(http().get("/papers/0190B5A4-7c1e-7d3a-8f00-5b7a0c9d1e2f")
                        .json()
                        .path("paper_id")
                        .asText())
                .isEqualTo("0190b5a4-7c1e-7d3a-8f00-5b7a0c9d1e2f");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/things/abc",
                "/things/0",
                "/things/-1",
                "/things/1.0",
                "/things/2147483648",
                "/things/99999999999999999999",
                "/things/+1",
                "/things/%D9%A1",
                "/papers/abc",
                "/papers/1-1-1-1-1",
                "/papers/0190b5a4-7c1e-7d3a-8f00-5b7a0c9d1e2",
                "/papers/0190b5a47c1e7d3a8f005b7a0c9d1e2f",
                "/papers/0190b5a4-7c1e-7d3a-8f00-5b7a0c9d1e2g",
                "/things?limit=x",
                "/things?colour=blue",
                "/things?day=2020-13-01",
                "/things?flag=1"
            })
    void refusesParametersOfTheWrongForm(String path) throws Exception {
        int query = path.indexOf('?');
        assertProblem(http().get(path), 400, "bad-request", query < 0 ? path : path.substring(0, query));
    }

    @ParameterizedTest
    @CsvSource({
        "/things/1",
        "/things/1/",
        "/things/2147483647",
        "/things?colour=red&limit=-1",
        "/things/?day=2020-02-29"
    })
    void acceptsParametersAndATrailingSlash(String path) throws Exception {
        assertThat(http().get(path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "",
                "nonsense",
                "[]",
                "\"x\"",
                "{} {}",
                "{\"shipping_to\":1}",
                "{\"shipping_to\":true}",
                "{\"shipping_to\":{}}",
                "{\"shipping_to\":\"x\",\"note\":\"1\"}",
                "{\"shipping_to\":\"x\",\"note\":1.5}",
                "{\"shipping_to\":\"x\",\"note\":1.0}",
                "{\"shipping_to\":\"x\",\"note\":99999999999999999999}",
                "{\"shipping_to\":\"x\",\"gift\":\"true\"}",
                "{\"shipping_to\":\"x\",\"gift\":1}",
                "{\"shipping_to\":\"x\",\"colour\":\"BLUE\"}",
                "{\"shipping_to\":\"x\",\"colour\":0}",
                "{\"shipping_to\":\"x\",\"total\":\"1.001\"}",
                "{\"shipping_to\":\"x\",\"total\":{}}",
                "{\"shipping_to\":\"x\",\"lines\":[{\"quantity\":\"2\"}]}",
                "{\"shipping_to\":\"x\",\"lines\":[{\"quantity\":null}]}",
                "{\"shipping_to\":\"x\",\"lines\":{}}"
            })
    void refusesBodiesOfTheWrongForm(String body) throws Exception {
        Http.Answer answer = http().postJson("/orders/", body);
        if (body.isEmpty()) {
            assertProblem(answer, 400, "validation", "/orders/");
        } else {
            assertProblem(answer, 400, "bad-request", "/orders/");
        }
    }

    @Test
    void namesTheFieldAndWhatItMustBe() throws Exception {
        JsonNode wrongType = http().postJson(
                        "/orders", "{\"shipping_to\":\"x\",\"lines\":[{\"quantity\":2},{\"quantity\":\"2\"}]}")
                .json();
        assertThat(wrongType.path("violations").path(0).path("field").asText()).isEqualTo("lines[1].quantity");
        assertThat(wrongType.path("violations").path(0).path("message").asText())
                .isEqualTo("must be an integer from -2147483648 to 2147483647");
        for (String total : new String[] {"\"1.001\"", "true", "{}", "[]", "1e3"}) {
            JsonNode money = http().postJson("/orders", "{\"shipping_to\":\"x\",\"total\":" + total + "}")
                    .json();
            assertThat(money.path("violations").path(0).path("message").asText())
                    .as(total)
                    .isEqualTo("must be digits with at most two decimals, such as \"2500.00\"");
        }
    }

    @Test
    void namesEachInvalidFieldAsTheCallerWritesIt() throws Exception {
        Http.Answer answer = http().postJson("/orders", "{\"lines\":[{\"quantity\":1},{\"quantity\":0}]}");
        assertProblem(answer, 400, "validation", "/orders");
        JsonNode violations = answer.json().path("violations");
        assertThat(violations.toString())
                .isEqualTo("[{\"field\":\"lines[1].quantity\",\"message\":\"must be greater than or equal to 1\"},"
                        + "{\"field\":\"shipping_to\",\"message\":\"must not be null\"}]");
    }

    @Test
    void saysWhichMediaTypesAPathReads() throws Exception {
        Http.Answer answer = http().post("/orders", "text/plain", "{}");
        assertProblem(answer, 415, "unsupported-media-type", "/orders");
        assertThat(answer.json().path("detail").asText())
                .isEqualTo("A body of this media type cannot be read here; send application/json.");
        assertThat(answer.header("Accept")).isEqualTo("application/json");
        assertThat(http().post("/size", "application/json", "{}").header("Accept"))
                .isEqualTo("text/plain");
    }

    @Test
    void ignoresFieldsItDoesNotKnowAndSpeaksSnakeCase() throws Exception {
        Http.Answer answer = http().postJson("/orders", "{\"shipping_to\":\"x\",\"total\":2500,\"later\":[1]}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("shipping_to").asText()).isEqualTo("x");
        assertThat(answer.json().path("total").asText()).isEqualTo("2500.00");
    }

    @Test
    void takesTheTraceIdFromTraceparent() throws Exception {
        String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        Http.Answer answer = http().get("/bug", "traceparent", traceparent, "X-Request-Id", "mine");
        assertThat(answer.header("X-Request-Id")).isEqualTo("mine");
        assertThat(answer.json().path("trace_id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        JsonNode ids = http().get("/ids", "traceparent", traceparent).json();
        assertThat(ids.path("traceparent").asText()).isEqualTo(traceparent);
        assertThat(ids.path("trace_id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(http().get("/ids", "traceparent", "00-x-y-01")
                        .json()
                        .path("traceparent")
                        .asText())
                .isEqualTo("null");
    }

    @Test
    void echoesTheRequestIdOrMakesAUuid() throws Exception {
        assertThat(http().get("/things/1", "X-Request-Id", "a").header("X-Request-Id"))
                .isEqualTo("a");
        assertThat(http().get("/ids", "X-Request-Id", "a").json().path("key").asText())
                .isEqualTo("a");
        String longest = "x".repeat(255);
        assertThat(http().get("/nowhere", "X-Request-Id", longest).header("X-Request-Id"))
                .isEqualTo(longest);
        String uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
        for (String bad : new String[] {"", "two words", "x".repeat(256)}) {
            assertThat(http().get("/things/1", "X-Request-Id", bad).header("X-Request-Id"))
                    .matches(uuid);
        }
        Http.Answer made = http().get("/ids");
        assertThat(made.header("X-Request-Id")).matches(uuid);
        assertThat(made.json().path("key").asText()).isEqualTo("null");
        assertThat(http().get("/ids").header("X-Request-Id")).isNotEqualTo(made.header("X-Request-Id"));
    }

    @Test
    void keepsAnswersOfOneUserOutOfCaches() throws Exception {
        for (String path : new String[] {"/mine", "/mine?fail=true"}) {
            Http.Answer answer = http().get(path);
            assertThat(answer.header("Cache-Control")).isEqualTo("private, no-store");
            assertThat(answer.header("Vary")).isEqualTo("Authorization");
        }
        assertThat(http().get("/things/1").header("Cache-Control")).isEmpty();
    }

    @Test
    void linksToTheNextPageWithTheRequestsOwnParameters() throws Exception {
        assertThat(http().get("/things?limit=2&after=3&colour=red").header("Link"))
                .isEqualTo("</things?limit=2&colour=red&after=7>; rel=\"next\"");
    }

    @Test
    void readsIfMatchFromSeveralFieldLines() throws Exception {
        HttpRequest.Builder put = http().to("/versions/1")
                .header("If-Match", "\"4\"")
                .header("If-Match", "\"5\"")
                .PUT(HttpRequest.BodyPublishers.noBody());
        assertThat(http().send(put).status()).isEqualTo(200);
        HttpRequest.Builder other = http().to("/versions/1")
                .header("If-Match", "\"4\"")
                .header("If-Match", "W/\"5\"")
                .PUT(HttpRequest.BodyPublishers.noBody());
        assertThat(http().send(other).status()).isEqualTo(412);
    }

    @Test
    void servesOpenApiAndSwaggerUiToCallers() throws Exception {
        assertThat(http().get("/q/openapi").status()).isEqualTo(200);
        assertThat(http().get("/q/swagger-ui/").status()).isEqualTo(200);
        assertThat(http().get("/q/health/live").status()).isEqualTo(404);
        assertThat(http().get("/q/metrics").status()).isEqualTo(404);
    }
}

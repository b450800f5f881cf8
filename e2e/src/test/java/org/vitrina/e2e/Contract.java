package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What docs/contracts.md promises of an installed BFF that holds the demo data, asked from outside. As a program: {@code Contract
 * URL} prints a line for each promise and ends with 1 where one is broken.
 */
public final class Contract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");
    /** Not in the demo data, so that a second run finds what the first found. */
    private static final int CUSTOMER = 77;

    private static final String PROBLEM = "application/problem+json";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI root;
    private int broken;

    /** One promise, asserted. */
    private interface Promise {
        void hold() throws Exception;
    }

    private Contract(URI root) {
        this.root = root;
    }

    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("Contract URL");
            System.exit(2);
        }
        var contract = new Contract(URI.create(args[0]));
        contract.all();
        System.exit(contract.broken == 0 ? 0 : 1);
    }

    private void all() {
        promise("the page is complete: 100 products with stock, three cart lines, three favorites", this::completePage);
        promise("page after page, all 200 products once", this::everyProductOnce);
        promise("the filters pass through", this::filters);
        promise("a user without cart and favorites has none of each, and nothing is degraded", this::emptyUser);
        promise(
                "a trailing slash changes nothing",
                () -> assertThat(get("/products/all/?user_id=1").statusCode()).isEqualTo(200));
        promise("the caller's request id is echoed, else there is a new one", this::requestIds);
        promise("bad input is refused with a problem", this::badInput);
        promise("a product has an ETag, and 304 when it is known", this::oneProduct);
        promise("the cart can be filled and emptied", this::cart);
        promise("favorites can be set and taken back", this::favorites);
        promise("a body over 1 MiB is refused with 413", this::tooLarge);
        promise("operators see every dependency", this::resilience);
        promise("health is not on the public port, the description is", this::ports);
    }

    private void completePage() throws Exception {
        long start = System.nanoTime();
        HttpResponse<String> answer = get("/products/all?user_id=1");
        Page page = new Page(
                answer.statusCode(),
                answer.headers(),
                answer.body(),
                Duration.ofNanos(System.nanoTime() - start),
                Duration.ZERO);
        assertThat(page.label()).isEqualTo(Page.COMPLETE);
        assertThat(page.json().path("products").size()).isEqualTo(100);
        assertThat(page.timings()).containsOnlyKeys("products", "inventory", "cart", "favorites");
        assertThat(page.header("Content-Type")).startsWith("application/json");
        assertThat(page.header("Cache-Control")).isEqualTo("private, no-store");
        assertThat(page.header("Vary")).isEqualTo("Authorization");
    }

    private void everyProductOnce() throws Exception {
        Set<Integer> ids = new HashSet<>();
        String path = "/products/all?limit=70";
        for (int pages = 0; path != null; pages++) {
            assertThat(pages).as("pages").isLessThan(4);
            HttpResponse<String> answer = get(path);
            for (JsonNode product : json(answer, 200).path("products")) {
                assertThat(ids.add(product.path("product_id").asInt()))
                        .as("new: %s", product)
                        .isTrue();
            }
            Matcher next = NEXT.matcher(answer.headers().firstValue("Link").orElse(""));
            path = next.find() ? next.group(1) : null;
        }
        assertThat(ids).hasSize(200);
    }

    private void filters() throws Exception {
        JsonNode page = json(get("/products/all?limit=3&after=7"), 200).path("products");
        assertThat(page)
                .extracting(product -> product.path("product_id").asInt())
                .containsExactly(8, 9, 10);
        JsonNode category =
                json(get("/products/all?category_id=2&limit=500"), 200).path("products");
        assertThat(category.size()).isBetween(1, 199);
    }

    private void emptyUser() throws Exception {
        JsonNode page = json(get("/products/all?limit=1&user_id=" + CUSTOMER), 200);
        assertThat(page.path("cart_items")).hasToString("0");
        assertThat(page.path("favorite_items")).hasToString("0");
        assertThat(page.path("degraded")).isEmpty();
    }

    private void requestIds() throws Exception {
        HttpResponse<String> named = send(request("/products/1").header("X-Request-Id", "mine-1"));
        assertThat(named.headers().firstValue("X-Request-Id")).contains("mine-1");
        assertThat(get("/products/1").headers().firstValue("X-Request-Id").orElse(""))
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    }

    private void badInput() throws Exception {
        for (String path : new String[] {"/products/all?user_id=x", "/products/all?limit=501", "/products/0"}) {
            assertProblem(get(path), 400);
        }
        assertProblem(send(request("/products/all").header("X-Request-Deadline-Ms", "0")), 400);
        assertProblem(get("/products/2147483647"), 404);
        assertProblem(get("/no/such/path"), 404);
    }

    private void oneProduct() throws Exception {
        HttpResponse<String> answer = get("/products/1");
        JsonNode product = json(answer, 200);
        assertThat(product.path("product_id").asInt()).isEqualTo(1);
        assertThat(product.path("price").asText()).matches("[0-9]+\\.[0-9]{2}");
        assertThat(product.path("inventory").isInt()).isTrue();
        String etag = answer.headers().firstValue("ETag").orElse("");
        assertThat(etag).isNotBlank();
        HttpResponse<String> again = send(request("/products/1").header("If-None-Match", etag));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    private void cart() throws Exception {
        String user = "?user_id=" + CUSTOMER;
        String line = "{\"quantity\":2}";
        HttpRequest.Builder put = request("/cart/5" + user)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(line));
        try {
            assertThat(send(put).statusCode()).isEqualTo(204);
            assertThat(send(put).statusCode()).as("again").isEqualTo(204);
            assertThat(json(get("/cart" + user), 200)).hasToString("[{\"product_id\":5,\"quantity\":2}]");
            assertThat(json(get("/products/all" + user + "&limit=1"), 200).path("cart_items"))
                    .hasToString("1");
        } finally {
            assertThat(send(request("/cart" + user).DELETE()).statusCode()).isEqualTo(204);
        }
        assertThat(json(get("/cart" + user), 200)).isEmpty();
    }

    private void favorites() throws Exception {
        String user = "?user_id=" + CUSTOMER;
        try {
            assertThat(send(request("/favorites/5" + user).PUT(BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(204);
            assertThat(json(get("/favorites" + user), 200)).hasToString("[{\"product_id\":5}]");
        } finally {
            assertThat(send(request("/favorites/5" + user).DELETE()).statusCode())
                    .isEqualTo(204);
        }
        assertProblem(get("/favorites" + user), 404);
    }

    private void tooLarge() throws Exception {
        String body = "{\"quantity\":" + " ".repeat(1 << 20) + "2}";
        assertProblem(
                send(request("/cart/5?user_id=" + CUSTOMER)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body))),
                413);
    }

    private void resilience() throws Exception {
        String state = json(get("/ops/resilience"), 200).toString();
        assertThat(state).contains("\"products\"", "\"inventory\"", "\"cart\"", "\"favorites\"");
    }

    private void ports() throws Exception {
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(404);
        assertThat(get("/q/openapi").statusCode()).isEqualTo(200);
    }

    private void assertProblem(HttpResponse<String> answer, int status) throws IOException {
        JsonNode problem = json(answer, status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(PROBLEM);
        assertThat(problem.path("type").asText()).startsWith("urn:vitrina:problem:");
        assertThat(problem.path("detail").asText()).isNotBlank();
    }

    private static JsonNode json(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode())
                .as("%s: %s", answer.uri(), answer.body())
                .isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(root.resolve(path)).timeout(Duration.ofSeconds(10));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private void promise(String text, Promise promise) {
        try {
            promise.hold();
            System.out.println("holds   " + text);
        } catch (Exception | AssertionError e) {
            broken++;
            System.out.println("BROKEN  " + text + ": "
                    + String.valueOf(e.getMessage() == null ? e : e.getMessage())
                            .strip()
                            .replaceAll("\\s+", " "));
        }
    }
}

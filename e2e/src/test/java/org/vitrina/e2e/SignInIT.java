package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.vitrina.launcher.PartStatus;
import org.vitrina.launcher.Stack;

/** The packaged store where everybody is asked who they are, with two BFFs: a session is a session at both. */
class SignInIT {
    private static final Path FOLDER = Store.project().resolve("e2e/target/sign-in");
    private static final String ONE = "bff";
    private static final String TWO = "bff-2";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Pattern CSRF = Pattern.compile("\"csrf_token\":\"([^\"]+)\"");
    private static final Pattern ORDER_ID = Pattern.compile("\"order_id\":\"([^\"]+)\"");
    private static final Pattern INSTANCE = Pattern.compile("\"instance\":\"([^\"]+)\"");
    /** Header and claims of a JWT, or the header and the empty key of an encrypted one. */
    private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{10,}\\.(?:eyJ[A-Za-z0-9_-]{10,}|)\\.");

    private static final String ADDRESS = "Tula, ul. " + UUID.randomUUID();
    private static final String PHONE = "+79%09d".formatted(Math.floorMod(System.nanoTime(), 1_000_000_000L));
    private static final Pattern PRICE = Pattern.compile("\"price\":\"([^\"]+)\"");

    private static Stack stack;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() {
        stack = Stack.builder(Store.project())
                .directory(FOLDER)
                .only("products", "inventory", "cart", "favorites", "wallet", "orders", ONE)
                .authenticated()
                .replicas(ONE, 2)
                .start();
        stack.awaitReady(TIMEOUT);
    }

    /** Whatever the tests did: of whom they were signed in as, and of what was theirs, no log tells. */
    @AfterAll
    static void end() throws IOException {
        try {
            for (PartStatus part : stack.parts()) {
                assertThat(Files.readAllLines(stack.log(part.name())))
                        .as(part.name())
                        .noneMatch(line -> line.contains(PHONE)
                                || line.contains(ADDRESS)
                                || TOKEN.matcher(line).find());
            }
        } finally {
            stack.close();
        }
    }

    /** A browser that is signed in. */
    private record SignedIn(String cookie, String csrf) {}

    private SignedIn signIn(String bff, int user) {
        HttpResponse<String> begun =
                send(bff, "POST", "/session/sign-in", "{\"user_id\":" + user + "}", "Content-Type", "application/json");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(200);
        return new SignedIn(
                begun.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0], found(CSRF, begun.body()));
    }

    @Test
    void aCustomerSignsInOrdersAndSignsOutAndNobodyElseSeesTheOrder() {
        SignedIn customer = signIn(ONE, 1);
        String price = found(PRICE, send(ONE, "GET", "/products/1", "").body());

        HttpResponse<String> placed = send(
                ONE,
                "POST",
                "/api/v1/orders/",
                "{\"products\":[{\"id\":1,\"price\":\"" + price + "\",\"quantity\":1}],\"shipping_to\":\"" + ADDRESS
                        + "\",\"phone\":\"" + PHONE + "\"}",
                "Content-Type",
                "application/json",
                "Cookie",
                customer.cookie(),
                "X-CSRF-Token",
                customer.csrf(),
                "Idempotency-Key",
                UUID.randomUUID().toString());

        assertThat(placed.statusCode()).as(placed.body()).isIn(201, 202);
        String order = "/api/v1/orders/" + found(ORDER_ID, placed.body());
        assertThat(status(ONE, order, customer)).isEqualTo(200);
        // the other replica has never seen it, and knows it all the same
        assertThat(status(TWO, order, customer)).isEqualTo(200);

        SignedIn stranger = signIn(TWO, 2);
        assertThat(status(ONE, order, stranger)).isEqualTo(404);
        assertThat(status(ONE, order + "?user_id=1", stranger)).isEqualTo(403);
        assertThat(send(ONE, "GET", order, "").statusCode()).isEqualTo(401);

        assertThat(send(
                                ONE,
                                "POST",
                                "/session/sign-out",
                                "",
                                "Cookie",
                                customer.cookie(),
                                "X-CSRF-Token",
                                customer.csrf())
                        .statusCode())
                .isEqualTo(204);
        assertThat(status(ONE, order, customer)).isEqualTo(401);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(status(TWO, order, customer)).isEqualTo(401));
    }

    @Test
    void aTokenForCurlIsThatOfItsUser() throws Exception {
        String token = token("--user", "1");

        HttpResponse<String> session = send(ONE, "GET", "/session", "", "Authorization", "Bearer " + token);
        assertThat(session.statusCode()).as(session.body()).isEqualTo(200);
        assertThat(session.body()).contains("\"user_id\":1,\"roles\":[]");
        assertThat(send(ONE, "GET", "/ops/resilience", "", "Authorization", "Bearer " + token)
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(
                                ONE,
                                "GET",
                                "/ops/resilience",
                                "",
                                "Authorization",
                                "Bearer " + token("--user", "1", "--role", "operator"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(ONE, "GET", "/cart", "", "Authorization", "Bearer " + token)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void anOperatorsPageTellsOfBothReplicas() throws Exception {
        String operator = "Bearer " + token("--user", "1", "--role", "operator");
        for (String bff : new String[] {ONE, TWO}) {
            String other = found(
                    INSTANCE,
                    send(bff.equals(ONE) ? TWO : ONE, "GET", "/ops/resilience", "", "Authorization", operator)
                            .body());
            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(
                            send(bff, "GET", "/ops", "", "Accept", "text/html", "Authorization", operator)
                                    .body())
                    .contains(" (this one)</th>", "<th scope=\"row\">" + other + "</th>"));
        }
    }

    @Test
    void sessionsGoOnWithoutTheRedisThatReplicasShareAndWithoutTheReplicaThatBeganThem() {
        SignedIn customer = signIn(TWO, 3);
        SignedIn leaves = signIn(ONE, 3);
        stack.freeze("redis");
        try {
            assertThat(status(ONE, "/cart", customer)).isEqualTo(200);
            // signed out all the same, where it was said
            assertThat(send(
                                    ONE,
                                    "POST",
                                    "/session/sign-out",
                                    "",
                                    "Cookie",
                                    leaves.cookie(),
                                    "X-CSRF-Token",
                                    leaves.csrf())
                            .statusCode())
                    .isEqualTo(204);
            assertThat(status(ONE, "/cart", leaves)).isEqualTo(401);
        } finally {
            stack.thaw("redis");
        }
        stack.kill(TWO);
        try {
            assertThat(status(ONE, "/cart", customer)).isEqualTo(200);
        } finally {
            stack.start(TWO);
            stack.awaitReady(TWO, TIMEOUT);
        }
        assertThat(status(TWO, "/cart", customer)).isEqualTo(200);
    }

    @Test
    void aCustomerHasTheSameOrderOfTheCatalogueAtBothReplicasAndAfterARestart() {
        SignedIn operator = signIn(ONE, 902);
        SignedIn[] customers = {signIn(ONE, 1), signIn(ONE, 2), signIn(TWO, 3), signIn(TWO, 4)};
        String path = "/ops/experiments/order";
        try {
            decide(operator, path, 100);
            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(isNewestFirst(TWO, customers[0]))
                    .isTrue());
            decide(operator, path, 50);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(experiments(TWO, operator)).contains("\"default\":50"));

            boolean[] before = new boolean[customers.length];
            for (int i = 0; i < customers.length; i++) {
                before[i] = isNewestFirst(ONE, customers[i]);
                assertThat(isNewestFirst(TWO, customers[i])).isEqualTo(before[i]);
            }
            stack.restart(TWO);
            stack.awaitReady(TWO, TIMEOUT);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(experiments(TWO, operator)).contains("\"name\":\"order\""));
            for (int i = 0; i < customers.length; i++) {
                assertThat(isNewestFirst(TWO, customers[i])).isEqualTo(before[i]);
            }

            stack.freeze("redis");
            try {
                for (int i = 0; i < customers.length; i++) {
                    assertThat(isNewestFirst(ONE, customers[i])).isEqualTo(before[i]);
                }
            } finally {
                stack.thaw("redis");
            }
        } finally {
            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(
                            change(operator, "DELETE", path, "").statusCode())
                    .isIn(204, 404));
        }
    }

    private void decide(SignedIn operator, String path, int share) {
        HttpResponse<String> decided = change(
                operator,
                "PUT",
                path,
                "{\"service\":\"products\",\"shares\":{\"default\":" + (100 - share) + ",\"newest\":" + share
                        + "},\"until\":\"" + Instant.now().plusSeconds(3600) + "\"}");
        assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
    }

    private HttpResponse<String> change(SignedIn operator, String method, String path, String body) {
        return send(
                ONE,
                method,
                path,
                body,
                "Content-Type",
                "application/json",
                "Cookie",
                operator.cookie(),
                "X-CSRF-Token",
                operator.csrf());
    }

    private String experiments(String bff, SignedIn operator) {
        return send(bff, "GET", "/ops/experiments", "", "Cookie", operator.cookie())
                .body();
    }

    private boolean isNewestFirst(String bff, SignedIn customer) {
        HttpResponse<String> page = send(bff, "GET", "/products/all?limit=2", "", "Cookie", customer.cookie());
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return !page.body().contains("\"product_id\":1,");
    }

    private int status(String bff, String path, SignedIn browser) {
        return send(bff, "GET", path, "", "Cookie", browser.cookie()).statusCode();
    }

    private HttpResponse<String> send(String bff, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(stack.address(bff).url() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String found(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).as(text).isTrue();
        return found.group(1);
    }

    private static String token(String... options) throws IOException, InterruptedException {
        return Store.vitrina(FOLDER, "token", options);
    }
}

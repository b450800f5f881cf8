package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.http.FakeService;

/** Signing in and out, and what a stranger cannot do with it. */
@QuarkusTest
@WithTestResource(DemoBacks.class)
class SessionTest extends BffTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    /** A browser that is signed in. */
    private record SignedIn(String cookie, String csrf) {
        String[] reading(String... more) {
            return with(new String[] {"Cookie", cookie}, more);
        }

        String[] writing(String... more) {
            return with(new String[] {"Cookie", cookie, "X-CSRF-Token", csrf}, more);
        }

        private static String[] with(String[] first, String... more) {
            return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
        }
    }

    private SignedIn signIn(int user) {
        Shop.Answer answer = shop.send(
                        "POST", "/session/sign-in", "{\"user_id\":" + user + "}", "Content-Type", "application/json")
                .is(200);
        return new SignedIn(cookie(answer), answer.json().getString("csrf_token"));
    }

    private static String cookie(Shop.Answer answer) {
        return answer.header("Set-Cookie").split(";", 2)[0];
    }

    @Test
    void whatIsPublicIsThereWithoutASessionAndTheRestIsLeftOut() {
        Shop.Answer page = shop.get("/products/all").is(200);

        assertThat(page.degraded()).isEqualTo("[]");
        assertThat(page.body())
                .startsWith("{\"cart_items\":null,\"favorite_items\":null,")
                .endsWith("\"left_out\":[{\"part\":\"cart\",\"reason\":\"signed-out\"},"
                        + "{\"part\":\"favorites\",\"reason\":\"signed-out\"}]}");
        shop.get("/products/1").is(200);
        assertThat(shop.html("/")).contains("Product 1", "href=\"/session/sign-in\">Sign in</a>", "Demonstration:");
        assertThat(shop.get("/").is(200).body()).contains("Nobody is signed in", "Authorization: Bearer $TOKEN");
        assertThat(behind.cart().count() + behind.favorites().count()).isZero();
        assertThat(sentTokens()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/cart",
                "/favorites",
                "/wallet",
                "/notifications",
                "/api/v1/orders",
                "/api/v1/orders/1",
                "/session",
                "/ops/resilience"
            })
    void aProgramWithoutASessionGetsAProblem(String path) {
        Shop.Answer refused = shop.get(path).is(401);

        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.json().getString("type")).isEqualTo("urn:vitrina:problem:unauthorized");
        assertThat(refused.json().getString("trace_id")).isNotEmpty();
    }

    @Test
    void onlyOperatorsChooseAVariantOrDecideOfExperiments() {
        behind.variant().answer(Backs.page(3, 2, 1));
        SignedIn customer = signIn(1);
        SignedIn operator = signIn(902);
        String wanted = "{\"service\":\"products\",\"shares\":{\"default\":0,\"newest\":100},\"until\":\""
                + Instant.now().plusSeconds(600) + "\"}";
        String path = "/ops/experiments/order";

        shop.get("/products/all", "Vitrina-Variant", "products/newest").is(200);
        shop.get("/products/all", customer.reading("Vitrina-Variant", "products/newest"))
                .is(200);
        assertThat(behind.variant().count()).isZero();
        shop.get("/products/all", operator.reading("Vitrina-Variant", "products/newest"))
                .is(200);
        assertThat(behind.variant().count()).isEqualTo(1);

        shop.get("/ops/experiments").is(401);
        shop.get("/ops/experiments", customer.reading()).is(403);
        shop.get("/ops/experiments/page", customer.reading("Accept", "text/html"))
                .is(403);
        shop.send("PUT", path, wanted, customer.writing("Content-Type", "application/json"))
                .is(403);
        shop.send("PUT", path, wanted, operator.reading("Content-Type", "application/json"))
                .is(403);
        shop.send("PUT", path, wanted, operator.writing("Content-Type", "application/json"))
                .is(200);
        try {
            // who has not said who they are is in no experiment
            shop.get("/products/all").is(200);
            assertThat(behind.variant().count()).isEqualTo(1);
            shop.get("/products/all", customer.reading()).is(200);
            assertThat(behind.variant().count()).isEqualTo(2);
            assertThat(shop.get("/ops/experiments", operator.reading())
                            .json()
                            .getJsonArray("history")
                            .getJsonObject(0)
                            .getString("by"))
                    .isEqualTo("902");
            shop.send("POST", path + "/stop", null, customer.writing()).is(403);
        } finally {
            shop.send("DELETE", path, null, operator.writing()).is(204);
        }
    }

    @Test
    void aBrowserIsLedToSigningInAndAScriptIsNot() {
        assertThat(shop.get("/shop/orders?before=1", "Accept", "text/html")
                        .is(303)
                        .header("Location"))
                .isEqualTo("/session/sign-in?back=%2Fshop%2Forders%3Fbefore%3D1");
        assertThat(shop.get("/shop/cart", "Accept", "text/html", "Sec-Fetch-Mode", "cors")
                        .is(401)
                        .body())
                .contains("Please sign in", "href=\"/session/sign-in\"");
        assertThat(shop.send("POST", "/shop/wallet", "key=k&amount=1", "Accept", "text/html", "Content-Type", FORM)
                        .is(401)
                        .body())
                .contains("Please sign in");
        assertThat(shop.html("/session/sign-in?back=%2Fshop%2Forders"))
                .contains("name=\"user_id\" value=\"1\"", "name=\"user_id\" value=\"901\"")
                .contains("<input type=\"hidden\" name=\"back\" value=\"/shop/orders\">");
    }

    @Test
    void whoSignsInIsThatUserAndServicesAreToldByATokenThatTheBrowserNeverSees() {
        Shop.Answer begun = shop.send("POST", "/session/sign-in", "{\"user_id\":2}", "Content-Type", "application/json")
                .is(200);

        assertThat(begun.header("Set-Cookie")).matches("vitrina-session=[^;]+; Path=/; HttpOnly; SameSite=Lax");
        assertThat(begun.json().getInteger("user_id")).isEqualTo(2);
        SignedIn second = new SignedIn(cookie(begun), begun.json().getString("csrf_token"));
        JsonObject session = shop.get("/session", second.reading()).is(200).json();
        assertThat(session.getInteger("user_id")).isEqualTo(2);
        assertThat(session.getJsonArray("roles")).isEmpty();
        assertThat(session.getString("expires_at")).matches("20..-.*Z");
        assertThat(session.getString("csrf_token")).isEqualTo(second.csrf());

        Shop.Answer page = shop.get("/products/all", second.reading()).is(200);
        shop.get("/cart", second.reading()).is(200);
        shop.send("PUT", "/favorites/2", null, second.writing()).is(204);

        assertThat(page.json().getInteger("cart_items")).isEqualTo(2);
        assertThat(behind.cart().requests()).allMatch(asked -> asked.target().startsWith("/users/2/cart"));
        assertThat(sentTokens()).hasSize(1);
        String token = sentTokens().getFirst();
        JsonObject claims = claims(token);
        assertThat(claims.getString("sub")).isEqualTo("2");
        assertThat(claims.getString("iss")).isEqualTo("vitrina-demo");
        for (Shop.Answer seen : List.of(begun, page)) {
            assertThat(seen.body() + seen.headers().map()).doesNotContain(token.substring("Bearer ".length()));
        }
    }

    @Test
    void aFormSignsInAndLeadsBackToWhereOneWas() {
        Shop.Answer begun = form("/session/sign-in", "user_id=1&back=%2Fshop%2Fcart%3Fa%3D1")
                .is(303);

        assertThat(begun.header("Location")).isEqualTo("/shop/cart?a=1");
        String page = shop.get("/shop/cart", "Accept", "text/html", "Cookie", cookie(begun))
                .is(200)
                .body();
        assertThat(page).contains("Customer 1", "action=\"/session/sign-out\"", "Product 1");
        Shop.Answer out = shop.send(
                        "POST",
                        "/session/sign-out",
                        "csrf=" + csrfOf(page),
                        "Content-Type",
                        FORM,
                        "Cookie",
                        cookie(begun))
                .is(303);
        assertThat(out.header("Set-Cookie")).isEqualTo("vitrina-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        shop.get("/session", "Cookie", cookie(begun)).is(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example/",
                "https://evil.example/",
                "/\\evil.example",
                "javascript:alert(1)",
                "/%0d%0aSet-Cookie: a=b",
                "\t//evil.example",
                "/@evil.example",
                "%2F%2Fevil.example"
            })
    void signingInLeadsNowhereElse(String back) {
        String sent = URLEncoder.encode(back, StandardCharsets.UTF_8);

        String location =
                form("/session/sign-in", "user_id=1&back=" + sent).is(303).header("Location");

        assertThat(base.resolve(location).getHost()).isEqualTo(base.getHost());
        assertThat(location).matches("/(?![/\\\\]).*").doesNotContain("\r", "\n");
        assertThat(shop.html("/session/sign-in?back=" + sent)).contains("name=\"back\" value=\"/\"");
    }

    @Test
    void aSessionThatWasSignedOutIsOfNoUseToWhoKeptItsCookie() {
        SignedIn first = signIn(1);
        SignedIn other = signIn(1);

        assertThat(shop.send("POST", "/session/sign-out", null, first.writing())
                        .is(204)
                        .header("Set-Cookie"))
                .endsWith("; Max-Age=0");

        shop.get("/cart", first.reading()).is(401);
        shop.get("/cart", other.reading()).is(200);
        shop.send("POST", "/session/sign-out", null).is(204);
    }

    @Test
    void eachSignInBeginsANewSessionAndEndsTheBrowsersLastOne() {
        SignedIn first = signIn(1);

        Shop.Answer again = shop.send(
                        "POST",
                        "/session/sign-in",
                        "{\"user_id\":1}",
                        first.reading("Content-Type", "application/json"))
                .is(200);

        assertThat(cookie(again)).isNotEqualTo(first.cookie());
        assertThat(again.json().getString("csrf_token")).isNotEqualTo(first.csrf());
        shop.get("/session", first.reading()).is(401);
        // a value that somebody has put there before is not taken over
        Shop.Answer fixed = shop.send(
                        "POST",
                        "/session/sign-in",
                        "{\"user_id\":1}",
                        "Content-Type",
                        "application/json",
                        "Cookie",
                        "vitrina-session=chosen-by-somebody")
                .is(200);
        assertThat(cookie(fixed)).doesNotContain("chosen-by-somebody");
    }

    @Test
    void aCookieThatANeighbourHasAddedSignsNobodyIn() {
        SignedIn victim = signIn(1);
        SignedIn attacker = signIn(2);

        shop.get("/session", "Cookie", victim.cookie() + "; " + attacker.cookie())
                .is(401);
        shop.get("/session", "Cookie", attacker.cookie() + "; " + victim.cookie())
                .is(401);
        shop.get("/session", "Cookie", victim.cookie(), "Cookie", attacker.cookie())
                .is(401);
        // the prefix is the browser's promise over HTTPS only, and over HTTPS no other name counts
        shop.get("/session", "Cookie", "__Host-" + victim.cookie()).is(401);
    }

    @Test
    void overHttpsTheCookieIsTheHostsOwn() throws Exception {
        Shop proxy = Shop.from(Backs.PROXY, base);
        String[] https = {
            "Content-Type", "application/json", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example"
        };

        Shop.Answer begun =
                proxy.send("POST", "/session/sign-in", "{\"user_id\":1}", https).is(200);

        assertThat(begun.header("Set-Cookie"))
                .matches("__Host-vitrina-session=[^;]+; Path=/; HttpOnly; SameSite=Lax; Secure");
        proxy.get("/session", "Cookie", cookie(begun), "X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example")
                .is(200);
        proxy.get(
                        "/session",
                        "Cookie",
                        cookie(begun).substring("__Host-".length()),
                        "X-Forwarded-Proto",
                        "https",
                        "X-Forwarded-Host",
                        "shop.example")
                .is(401);
        // over plain HTTP from elsewhere everybody on the way would read it
        proxy.send(
                        "POST",
                        "/session/sign-in",
                        "{\"user_id\":1}",
                        "Content-Type",
                        "application/json",
                        "X-Forwarded-Proto",
                        "http",
                        "X-Forwarded-Host",
                        "shop.example")
                .is(400);
    }

    @Test
    void aCookieOfAnybodysMakingIsNoSession() {
        SignedIn real = signIn(1);
        String value = real.cookie().substring("vitrina-session=".length());

        for (int at : new int[] {2, value.length() / 4, value.length() / 2, value.length() - 3}) {
            char other = value.charAt(at) == 'A' ? 'B' : 'A';
            shop.get(
                            "/session",
                            "Cookie",
                            "vitrina-session=" + value.substring(0, at) + other + value.substring(at + 1))
                    .is(401);
        }
        String header = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        for (String made : List.of(
                "",
                "x",
                "a.b.c.d.e",
                header + ".e30.",
                sentTokenOf(real), // the one of services is none either
                "A".repeat(8 * 1024))) {
            shop.get("/products/all", "Cookie", "vitrina-session=" + made).is(200);
            shop.get("/session", "Cookie", "vitrina-session=" + made).is(401);
        }
        shop.get("/session", "Cookie", "other=" + "A".repeat(8 * 1024) + "; " + real.cookie())
                .is(200);
    }

    private String sentTokenOf(SignedIn browser) {
        shop.get("/cart", browser.reading()).is(200);
        return sentTokens().getLast().substring("Bearer ".length());
    }

    @Test
    void noChangeIsMadeWithoutTheSessionsToken() {
        SignedIn browser = signIn(1);
        SignedIn other = signIn(1);
        JsonObject paths = shop.get("/q/openapi?format=JSON").is(200).json().getJsonObject("paths");
        List<String> tried = new ArrayList<>();
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                if (List.of("post", "put", "patch", "delete").contains(method) && !path.equals("/session/sign-in")) {
                    String sent = method.toUpperCase(Locale.ROOT);
                    String to = path.replaceAll("\\{[^}]*}", "1");
                    String what = sent + " " + to;
                    for (String wrong : List.of("", other.csrf())) {
                        Shop.Answer refused = shop.send(
                                sent,
                                to,
                                "{}",
                                browser.reading(
                                        "X-CSRF-Token",
                                        wrong,
                                        "Content-Type",
                                        "application/json",
                                        "Idempotency-Key",
                                        "k"));
                        assertThat(refused.status()).as(what).isEqualTo(403);
                        assertThat(refused.json().getString("type")).as(what).isEqualTo("urn:vitrina:problem:csrf");
                    }
                    // a form is read before it is refused
                    assertThat(shop.send(sent, to, "csrf=" + other.csrf(), browser.reading("Content-Type", FORM))
                                    .status())
                            .as(what)
                            .isIn(403, 415);
                    tried.add(what);
                }
            }
        }
        assertThat(tried).hasSizeGreaterThan(8);
        assertThat(writes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/shop/cart/add",
                "/shop/cart/set",
                "/shop/cart/remove",
                "/shop/cart/put-back",
                "/shop/favorites/add",
                "/shop/favorites/remove",
                "/shop/checkout",
                "/shop/wallet",
                "/shop/model",
                "/shop/orders/019ad000-0000-7000-8000-000000000001/cancel",
                "/session/sign-out"
            })
    void noFormIsTakenWithoutTheSessionsToken(String path) {
        SignedIn browser = signIn(1);
        String fields = "product=1&quantity=1&line=1*1.50*1&key=k&amount=1&shipping_to=a&back=%2F";

        for (String csrf : List.of("", "&csrf=", "&csrf=" + signIn(1).csrf())) {
            assertThat(shop.send("POST", path, fields + csrf, browser.reading("Content-Type", FORM))
                            .is(403)
                            .json()
                            .getString("type"))
                    .isEqualTo("urn:vitrina:problem:csrf");
        }

        assertThat(writes()).isEmpty();
        shop.get("/session", browser.reading()).is(200);
    }

    @Test
    void everyFormOfAPageCarriesTheTokenAndIsTakenWithIt() {
        SignedIn browser = signIn(1);
        for (String path :
                List.of("/", "/shop/cart", "/shop/checkout", "/shop/wallet", "/shop/products/1", "/shop/model")) {
            String page = shop.get(path, browser.reading("Accept", "text/html"))
                    .is(200)
                    .body();
            int forms = page.split("method=\"post\"", -1).length - 1;
            int tokens = page.split("name=\"csrf\" value=\"" + browser.csrf() + "\"", -1).length - 1;
            assertThat(tokens).as(path).isEqualTo(forms).isPositive();
        }

        shop.send(
                        "POST",
                        "/shop/favorites/add",
                        "product=2&user=1&csrf=" + browser.csrf(),
                        browser.reading("Content-Type", FORM))
                .is(303);

        assertThat(writes()).containsExactly("PUT /users/1/favorites/2");
    }

    @Test
    void anotherSitesPageChangesNothingWithASessionEither() {
        SignedIn browser = signIn(1);

        shop.send("PUT", "/favorites/2", null, browser.writing("Sec-Fetch-Site", "cross-site"))
                .is(403);
        shop.send("POST", "/session/sign-in", "user_id=2", "Content-Type", FORM, "Sec-Fetch-Site", "cross-site")
                .is(403);
        shop.send("POST", "/session/sign-in", "user_id=2", "Content-Type", FORM, "Origin", "https://evil.example")
                .is(403);

        assertThat(writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1,   /ops,            403",
        "1,   /ops/resilience, 403",
        "1,   /shop/keeper,    403",
        "901, /ops,            403",
        "901, /shop/keeper,    200",
        "902, /ops,            200",
        "902, /ops/resilience, 200",
        "902, /shop/keeper,    403"
    })
    void aPageForThoseWhoWorkHereAsksForTheirRole(int user, String path, int status) {
        SignedIn browser = signIn(user);

        shop.get(path, browser.reading("Accept", "text/html,*/*")).is(status);
    }

    @Test
    void nobodyReadsAnothersButWhoMay() {
        SignedIn customer = signIn(1);
        SignedIn admin = signIn(901);

        for (String path : List.of("/cart", "/favorites", "/wallet", "/api/v1/orders", "/products/all", "/shop/cart")) {
            shop.get(path + "?user_id=2", customer.reading()).is(403);
        }
        shop.get("/cart?user_id=1", customer.reading()).is(200);
        assertThat(behind.cart().requests())
                .extracting(FakeService.Request::target)
                .containsOnly("/users/1/cart");
        shop.get("/cart?user_id=2", admin.reading()).is(200);
    }

    @Test
    void aProgramSendsAToken() {
        String token = sentTokenOf(signIn(4));
        behind.heal();

        assertThat(shop.get("/session", "Authorization", "Bearer " + token)
                        .is(200)
                        .json()
                        .getInteger("user_id"))
                .isEqualTo(4);
        // no browser sends it by itself: no other proof is needed
        shop.send("PUT", "/favorites/2", null, "Authorization", "Bearer " + token)
                .is(204);
        assertThat(sentTokens()).containsExactly("Bearer " + token);
        shop.get("/products/all", "Authorization", "Bearer " + token + "x").is(401);
        shop.get("/cart", "Authorization", "Basic YTpi").is(401);
        // and a session beside it does not count
        shop.get("/cart", signIn(1).reading("Authorization", "Bearer nonsense")).is(401);
    }

    @Test
    void whatACacheMayKeepSaysNothingOfItsCaller() {
        Shop.Answer product = shop.get("/products/1", signIn(1).reading()).is(200);

        assertThat(product.header("Cache-Control")).startsWith("public");
        assertThat(product.header("Set-Cookie") + product.header("RateLimit") + product.header("RateLimit-Policy"))
                .isEmpty();
        assertThat(shop.get("/cart", signIn(1).reading()).is(200).header("RateLimit"))
                .matches("\"user\";r=[0-9]+;t=[0-9]+");
    }

    @Test
    void theKeysOfTheInstallAreToldAndOnlyThePublicOnes() {
        JsonObject key = shop.get("/.well-known/jwks.json")
                .is(200)
                .json()
                .getJsonArray("keys")
                .getJsonObject(0);

        assertThat(key.getString("kty")).isEqualTo("RSA");
        assertThat(key.fieldNames()).contains("n", "e", "kid").doesNotContain("d", "p", "q", "dp", "dq", "qi");
    }

    @Test
    void signingInIsThrottledByAddress() throws Exception {
        Shop flood = Shop.from("127.0.0.77", base);
        Shop.Answer last = null;
        for (int i = 0; i <= DemoBacks.SIGN_INS; i++) {
            last = flood.send("POST", "/session/sign-in", "{\"user_id\":0}", "Content-Type", "application/json");
        }

        Shop.Answer refused = Objects.requireNonNull(last).is(429);
        assertThat(refused.json().getString("type")).isEqualTo("urn:vitrina:problem:too-many-requests");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
        assertThat(refused.header("RateLimit")).startsWith("\"sign-in\";r=0;t=");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"sign-in\";q=200;w=3600");
        // others, and its other requests, go on; what it says of itself is not believed
        flood.get("/products/all").is(200);
        flood.send(
                        "POST",
                        "/session/sign-in",
                        "{\"user_id\":1}",
                        "Content-Type",
                        "application/json",
                        "X-Forwarded-For",
                        "10.0.0.1")
                .is(429);
        signIn(1);
    }

    @Test
    void aBadUserIsSaidSo() {
        for (String body : List.of("{}", "{\"user_id\":0}", "{\"user_id\":\"x\"}", "[]", "")) {
            shop.send("POST", "/session/sign-in", body, "Content-Type", "application/json")
                    .is(400);
        }
        form("/session/sign-in", "user_id=x").is(400);
    }

    private Shop.Answer form(String path, String fields) {
        return shop.send("POST", path, fields, "Content-Type", FORM);
    }

    private static String csrfOf(String page) {
        Matcher csrf = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"").matcher(page);
        assertThat(csrf.find()).isTrue();
        return csrf.group(1);
    }

    /** Each value of {@code Authorization} that a service got. */
    private List<String> sentTokens() {
        return behind.all().stream()
                .flatMap(service -> service.requests().stream())
                .map(request -> request.header("Authorization"))
                .filter(Objects::nonNull)
                .distinct()
                .collect(Collectors.toList());
    }

    private List<String> writes() {
        return behind.all().stream()
                .flatMap(service -> service.requests().stream())
                .filter(request -> !request.method().equals("GET"))
                .map(request -> request.method() + " " + request.target())
                .toList();
    }

    private static JsonObject claims(String authorization) {
        return new JsonObject(
                new String(Base64.getUrlDecoder().decode(authorization.split("\\.", -1)[1]), StandardCharsets.UTF_8));
    }
}

package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.identity.TestIssuer;
import org.vitrina.testing.identity.TestProvider;

/** Signing in at a provider, and what becomes of it when the provider, the network or a stranger misbehaves. */
@QuarkusTest
@WithTestResource(OidcBacks.class)
class OidcTest extends BffTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String LOGOUT = "/session/back-channel-logout";

    /** Filled by {@link OidcBacks}. */
    @SuppressWarnings("NullAway.Init")
    TestProvider provider;

    @BeforeEach
    void heal() {
        provider.reset();
        // it has begun without its provider, and is ready once that has told its keys
        await().atMost(Duration.ofSeconds(30))
                .until(() -> shop.get("/session/sign-in").status() == 302);
    }

    /** A browser on its way to the provider. */
    private record Going(URI to, String binding) {}

    /** A browser that is signed in. */
    private record SignedIn(String cookie) {
        String[] with(String... more) {
            return Stream.concat(Stream.of("Cookie", cookie), Stream.of(more)).toArray(String[]::new);
        }
    }

    private Going go(String back) {
        Shop.Answer answer = shop.get("/session/sign-in?back=" + URLEncoder.encode(back, StandardCharsets.UTF_8))
                .is(302);
        return new Going(URI.create(answer.header("Location")), cookie(answer, "vitrina-sign-in"));
    }

    private static String cookie(Shop.Answer answer, String name) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(each -> each.startsWith(name + "="))
                .map(each -> each.split(";", 2)[0])
                .findFirst()
                .orElse("");
    }

    /** What the provider sends the browser back with, as a path of ours. */
    private String callback(Going going) {
        String back = provider.authorize(going.to);
        assertThat(back).startsWith(base.resolve("/session/callback?code=").toString());
        return back.substring(base.resolve("/").toString().length() - 1);
    }

    private SignedIn signIn(int user, String... roles) {
        provider.user = user;
        provider.roles = List.of(roles);
        Going going = go("/");
        return new SignedIn(
                cookie(shop.get(callback(going), "Cookie", going.binding).is(303), "vitrina-session"));
    }

    private String csrf(SignedIn browser) {
        return shop.get("/session", browser.with()).is(200).json().getString("csrf_token");
    }

    private Shop.Answer logout(String token, String... headers) {
        return shop.send(
                "POST",
                LOGOUT,
                "logout_token=" + token,
                Stream.concat(Stream.of("Content-Type", FORM), Stream.of(headers))
                        .toArray(String[]::new));
    }

    @Test
    void theProviderSignsInAndServicesAreToldByItsTokenWhichNoBrowserSees() {
        provider.user = 7;
        provider.roles = List.of("admin", "a-group-of-theirs");
        assertThat(shop.get("/shop/cart", "Accept", "text/html").is(303).header("Location"))
                .isEqualTo("/session/sign-in?back=%2Fshop%2Fcart");
        Shop.Answer begun = shop.get("/session/sign-in?back=%2Fshop%2Fcart%3Fa%3D1", "Accept", "text/html")
                .is(302);
        Map<String, String> asked = TestProvider.query(URI.create(begun.header("Location")));
        assertThat(begun.header("Location")).startsWith(provider.url() + "/authorize?response_type=code&");
        assertThat(asked)
                .containsEntry("client_id", "shop")
                .containsEntry("scope", "openid")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("redirect_uri", base.resolve("/session/callback").toString());
        assertThat(begun.header("Location")).doesNotContain(TestProvider.SECRET);
        assertThat(begun.header("Cache-Control")).isEqualTo("private, no-store");
        assertThat(begun.header("Set-Cookie"))
                .matches("vitrina-sign-in=[0-9a-f-]{36}; Path=/; HttpOnly; SameSite=Lax; Max-Age=600");

        Going going = new Going(URI.create(begun.header("Location")), cookie(begun, "vitrina-sign-in"));
        Shop.Answer done = shop.get(callback(going), "Cookie", going.binding, "Sec-Fetch-Site", "cross-site")
                .is(303);

        assertThat(done.header("Location")).isEqualTo("/shop/cart?a=1");
        assertThat(done.headers().allValues("Set-Cookie"))
                .hasSize(2)
                .anyMatch(each -> each.matches("vitrina-session=[^;]{100,1200}; Path=/; HttpOnly; SameSite=Lax"))
                .contains("vitrina-sign-in=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        SignedIn browser = new SignedIn(cookie(done, "vitrina-session"));
        JsonObject session = shop.get("/session", browser.with()).is(200).json();
        assertThat(session.getInteger("user_id")).isEqualTo(7);
        assertThat(session.getJsonArray("roles")).isEqualTo(JsonArray.of("admin"));

        Shop.Answer cart = shop.get("/cart", browser.with()).is(200);
        assertThat(behind.cart().requests().getLast().target()).isEqualTo("/users/7/cart");
        String token = Objects.requireNonNull(behind.cart().requests().getLast().header("Authorization"));
        assertThat(token).startsWith("Bearer ey");
        assertThat(done.headers().map() + cart.body() + cart.headers().map() + session)
                .doesNotContain(token.substring("Bearer ".length()));
        shop.send("PUT", "/favorites/2", null, browser.with()).is(403);
        shop.send("PUT", "/favorites/2", null, browser.with("X-CSRF-Token", csrf(browser)))
                .is(204);
    }

    @Test
    void aFormBeginsTheWayToTheProviderToo() {
        assertThat(shop.send("POST", "/session/sign-in", "back=%2Fshop%2Fcart", "Content-Type", FORM)
                        .is(302)
                        .header("Location"))
                .startsWith(provider.url() + "/authorize?");
        shop.send("POST", "/session/sign-in", "{\"user_id\":1}", "Content-Type", "application/json")
                .is(404);
    }

    @Test
    void overHttpsBothCookiesAreTheHostsOwn() throws Exception {
        String[] https = {"X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example"};
        Shop.Answer begun =
                Shop.from(Backs.PROXY, base).get("/session/sign-in", https).is(302);

        assertThat(begun.header("Set-Cookie"))
                .matches("__Host-vitrina-sign-in=[^;]+; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600");
        assertThat(TestProvider.query(URI.create(begun.header("Location"))))
                .containsEntry("redirect_uri", "https://shop.example/session/callback");
        Shop.from(Backs.PROXY, base)
                .get("/session/sign-in", "X-Forwarded-Proto", "http", "X-Forwarded-Host", "shop.example")
                .is(400);
    }

    @Test
    void nobodyIsSignedInByAnAnswerToWhatThisBrowserHasNotBegun() {
        Going victim = go("/");
        Going attacker = go("/");
        String callback = callback(attacker);
        String code = callback.substring(0, callback.indexOf('&'));

        for (String cookies :
                List.of("", victim.binding, victim.binding + "; " + attacker.binding, "vitrina-sign-in=x")) {
            failed(shop.get(callback, "Cookie", cookies.isEmpty() ? "a=b" : cookies));
        }
        for (String state : List.of("", "&state=", "&state=x", "&state=a.b.c.d.e", "&state=" + "A".repeat(8_000))) {
            failed(shop.get(code + state, "Cookie", attacker.binding));
        }
        // another use of the same key is no state
        failed(shop.get(code + "&state=" + signIn(1).cookie.split("=", 2)[1], "Cookie", attacker.binding));
        failed(shop.get(callback.replaceAll("iss=.*", "iss=https%3A%2F%2Fevil.example"), "Cookie", attacker.binding));
        failed(shop.get(callback.replaceAll("code=[^&]*", "error=access_denied"), "Cookie", attacker.binding));
        failed(shop.get(callback.replaceAll("code=[^&]*", "code=guessed"), "Cookie", attacker.binding));
        // that which was begun here comes to its end all the same
        assertThat(cookie(shop.get(callback, "Cookie", attacker.binding).is(303), "vitrina-session"))
                .isNotEmpty();
    }

    private static void failed(Shop.Answer answer) {
        assertThat(answer.is(403).json().getString("type")).isEqualTo("urn:vitrina:problem:sign-in");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void aWrongNonceACodeOfAnotherBrowserAndAnotherIssuersTokensSignNobodyIn() {
        provider.nonce = "another";
        Going going = go("/");
        failed(shop.get(callback(going), "Cookie", going.binding));
        provider.reset();

        // the code of one sign-in with the state of another: PKCE
        Going stolen = go("/");
        String code = callback(stolen).replaceAll(".*code=([^&]*).*", "$1");
        Going own = go("/");
        failed(shop.get(callback(own).replaceAll("code=[^&]*", "code=" + code), "Cookie", own.binding));

        TestIssuer ours = provider.issuer;
        provider.keys = ours.jwks();
        provider.issuer = new TestIssuer();
        Going forged = go("/");
        failed(shop.get(callback(forged), "Cookie", forged.binding));
        provider.issuer = ours;
    }

    @Test
    void aPageSaysWhatHelpsWhereSigningInHasFailed() {
        Shop.Answer page = shop.get("/session/callback?code=x&state=y", "Accept", "text/html")
                .is(403);

        assertThat(page.body()).contains("You are not signed in", "href=\"/session/sign-in\"");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
    }

    @Test
    void aCodeCountsOnceAndWhoIsSignedInStaysSo() {
        provider.user = 3;
        Going going = go("/shop/orders");
        String callback = callback(going);
        SignedIn browser =
                new SignedIn(cookie(shop.get(callback, "Cookie", going.binding).is(303), "vitrina-session"));

        failed(shop.get(callback, "Cookie", going.binding));
        // a reload, or another tab that was slower
        Shop.Answer again = shop.get(callback, browser.with()).is(303);
        assertThat(again.header("Location")).isEqualTo("/shop/orders");
        assertThat(again.headers().allValues("Set-Cookie")).isEmpty();
        shop.get("/session", browser.with()).is(200);
    }

    @Test
    void manyTabsSignInAtOnce() {
        provider.user = 4;
        Going first = go("/shop/cart");
        List<Going> others = Stream.of("/shop/orders", "/shop/wallet")
                .map(back -> {
                    Shop.Answer answer = shop.get("/session/sign-in?back=" + back, "Cookie", first.binding)
                            .is(302);
                    return new Going(URI.create(answer.header("Location")), cookie(answer, "vitrina-sign-in"));
                })
                .toList();

        assertThat(others).allMatch(each -> each.binding.equals(first.binding));
        for (Going each : List.of(others.get(1), first, others.get(0))) {
            shop.get(callback(each), "Cookie", first.binding).is(303);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example/", "https://evil.example/", "/\\evil.example", "/%0d%0aSet-Cookie: a=b"})
    void signingInLeadsNowhereElse(String back) {
        Going going = go(back);

        String location =
                shop.get(callback(going), "Cookie", going.binding).is(303).header("Location");

        assertThat(base.resolve(location).getHost()).isEqualTo(base.getHost());
        assertThat(location).matches("/(?![/\\\\]).*").doesNotContain("\r", "\n");
    }

    @Test
    void signingInBeginsANewSessionAndEndsTheBrowsersLastOne() {
        SignedIn planted = signIn(2);
        provider.user = 1;
        Going going = go("/");

        SignedIn own = new SignedIn(cookie(
                shop.get(callback(going), "Cookie", going.binding + "; " + planted.cookie)
                        .is(303),
                "vitrina-session"));

        assertThat(shop.get("/session", own.with()).is(200).json().getInteger("user_id"))
                .isEqualTo(1);
        shop.get("/session", planted.with()).is(401);
        // two of them are none
        shop.get("/session", "Cookie", own.cookie + "; " + signIn(2).cookie).is(401);
    }

    @Test
    void twentyTabsOverAnExpiredTokenAskTheProviderOnce() {
        provider.life = Duration.ofSeconds(2);
        SignedIn browser = signIn(5);
        provider.life = Duration.ofMinutes(5);

        assertThat(shop.together(20, "/cart", browser.with()))
                .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));

        assertThat(provider.refreshes()).isEqualTo(1);
        assertThat(provider.refusals()).isZero();
        provider.service().answer(Answer.HANGS);
        // and it is not asked again while it still counts
        shop.get("/cart", browser.with()).is(200).within(SECOND);
    }

    @Test
    void aSessionThatTheProviderHasEndedEndsHereWithItsToken() {
        provider.life = Duration.ofSeconds(2);
        SignedIn browser = signIn(5);
        provider.service()
                .answer(Answer.of(400, Map.of(), "{\"error\":\"invalid_grant\",\"error_description\":\"over\"}"));

        shop.get("/cart", browser.with()).is(401);
        provider.reset();
        shop.get("/cart", browser.with()).is(401);
        assertThat(shop.get("/shop/cart", browser.with("Accept", "text/html"))
                        .is(303)
                        .header("Location"))
                .isEqualTo("/session/sign-in?back=%2Fshop%2Fcart");
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "silence", "flood", "garbage", "no-json", "invalid_client"})
    void whileTheProviderIsAwayTheShopIsOpenAndNobodyIsSignedOut(String trouble) {
        provider.life = Duration.ofSeconds(2);
        SignedIn browser = signIn(5);
        String csrf = csrf(browser);
        provider.service().answer(trouble(trouble));

        // everybody's part is there; what was to be changed is to be sent again
        assertThat(shop.get("/products/all", browser.with()).is(200).json().getJsonArray("left_out"))
                .hasSize(2);
        assertThat(shop.send("PUT", "/favorites/2", null, browser.with("X-CSRF-Token", csrf))
                        .is(503)
                        .json()
                        .getString("type"))
                .isEqualTo("urn:vitrina:problem:unavailable");

        provider.reset();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> shop.get("/cart", browser.with()).is(200));
    }

    private static Answer trouble(String kind) {
        return switch (kind) {
            case "error" -> Answer.status(503);
            case "silence" -> Answer.HANGS;
            case "flood" -> Answer.FLOODS;
            case "garbage" -> Answer.GARBAGE;
            case "no-json" -> Answer.of(200, Map.of(), "<html>");
            default -> Answer.of(401, Map.of(), "{\"error\":\"" + kind + "\"}");
        };
    }

    @Test
    void signingInWhileTheProviderIsAwayIsToBeTriedAgainAndThenWorks() {
        Going going = go("/shop/cart");
        String callback = callback(going);
        provider.service().answer(Answer.status(503));
        assertThat(shop.get(callback, "Cookie", going.binding).is(503).json().getString("type"))
                .isEqualTo("urn:vitrina:problem:unavailable");
        assertThat(shop.get(callback, "Cookie", going.binding, "Accept", "text/html")
                        .is(503)
                        .body())
                .contains("data-again");
        provider.service().answer(Answer.HANGS);
        assertThat(shop.get(callback, "Cookie", going.binding).status()).isIn(503, 504);

        provider.reset();

        shop.get(callback, "Cookie", going.binding).is(303);
    }

    @Test
    void rubbishInPlaceOfKeysChangesNothingForThoseThatAreKnown() {
        signIn(1);
        for (String rubbish : List.of("<html>", "{\"keys\":[]}", "{}")) {
            provider.keys = rubbish;
            // a token by a key that is not known has them asked for
            TestIssuer known = provider.issuer;
            provider.issuer = new TestIssuer("unheard-of");
            Going going = go("/");
            failed(shop.get(callback(going), "Cookie", going.binding));
            provider.issuer = known;
            shop.get("/session", signIn(1).with()).is(200);
        }
    }

    @Test
    void aProvidersNewKeyIsTakenAtOnce() {
        signIn(1);
        provider.issuer = new TestIssuer("new-" + UUID.randomUUID());

        await().atMost(Duration.ofSeconds(20)).until(() -> {
            Going going = go("/");
            return shop.get(callback(going), "Cookie", going.binding).status() == 303;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT10M", "PT-10M"})
    void aClockThatIsTenMinutesOffSignsNobodyIn(String off) {
        provider.clock = Duration.parse(off);
        Going going = go("/");

        failed(shop.get(callback(going), "Cookie", going.binding));
    }

    @Test
    void aTokenOfEightKilobytesStaysHereAndOtherCookiesOfThatSizeDoNotHarm() {
        provider.padding = 8 * 1024;
        SignedIn browser = signIn(6);

        assertThat(browser.cookie.length()).isLessThan(1_200);
        shop.get("/cart", browser.with()).is(200);
        assertThat(Objects.requireNonNull(behind.cart().requests().getLast().header("Authorization")))
                .hasSizeGreaterThan(8 * 1024);
        shop.get("/session", "Cookie", "other=" + "A".repeat(8 * 1024) + "; " + browser.cookie)
                .is(200);
    }

    @Test
    void signingOutEndsTheSessionAndLeadsToTheProvider() {
        SignedIn browser = signIn(1);
        String csrf = csrf(browser);
        shop.send("POST", "/session/sign-out", "csrf=wrong", browser.with("Content-Type", FORM))
                .is(403);

        Shop.Answer out = shop.send("POST", "/session/sign-out", "csrf=" + csrf, browser.with("Content-Type", FORM))
                .is(200);

        assertThat(out.header("Set-Cookie")).isEqualTo("vitrina-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        assertThat(out.header("Refresh")).startsWith("0; url=" + provider.url() + "/logout?");
        assertThat(TestProvider.query(URI.create(out.header("Refresh").substring("0; url=".length()))))
                .containsEntry("client_id", "shop")
                .containsEntry("post_logout_redirect_uri", base.resolve("/").toString())
                .containsKey("id_token_hint");
        assertThat(out.header("Content-Security-Policy")).contains("form-action 'self'");
        shop.get("/session", browser.with()).is(401);

        // what it had for the session counts at the provider no more
        await().atMost(Duration.ofSeconds(10)).until(() -> provider.givenUp() == 1);

        SignedIn program = signIn(1);
        shop.send("POST", "/session/sign-out", null, program.with("X-CSRF-Token", csrf(program)))
                .is(204);
        shop.get("/cart", program.with()).is(401);
        await().atMost(Duration.ofSeconds(10)).until(() -> provider.givenUp() == 2);
        assertThat(provider.refusals()).isZero();
    }

    @Test
    void theProviderEndsOneSessionOrAllOfAUser() {
        SignedIn one = signIn(8);
        String sid = provider.lastSid;
        SignedIn two = signIn(8);
        SignedIn other = signIn(9);

        assertThat(logout(provider.logoutToken(8, sid)).is(200).header("Cache-Control"))
                .isEqualTo("private, no-store");
        shop.get("/session", one.with()).is(401);
        shop.get("/session", two.with()).is(200);

        logout(provider.logoutToken(8, null)).is(200);
        shop.get("/session", two.with()).is(401);
        shop.get("/session", other.with()).is(200);
        // times are whole seconds
        await().atMost(Duration.ofSeconds(20))
                .until(() -> shop.get("/session", signIn(8).with()).status() == 200);
    }

    @Test
    void whatIsNoLogoutTokenOfTheProviderEndsNothing() {
        SignedIn browser = signIn(8);
        String good = provider.logoutToken(8, null);
        TestIssuer ours = provider.issuer;
        provider.issuer = new TestIssuer();
        String forged = provider.logoutToken(8, null);
        provider.issuer = ours;
        provider.clock = Duration.ofMinutes(-10);
        String expired = provider.logoutToken(8, null);

        for (String token : List.of("", "x", forged, expired, good.substring(0, good.lastIndexOf('.') + 1))) {
            logout(token).is(400);
        }
        // an access token, of which a service may have many, is none
        shop.get("/cart", browser.with()).is(200);
        logout(Objects.requireNonNull(behind.cart().requests().getLast().header("Authorization"))
                        .substring("Bearer ".length()))
                .is(400);
        // nor does a page of ours send one for its visitor
        logout(good, browser.with()).is(403);
        shop.get("/session", browser.with()).is(200);
    }
}

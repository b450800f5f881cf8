package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

/** What the pages' forms do, and that they do it once. */
@QuarkusTest
class ShopFormsTest extends BffTest {
    private static final String ORDER = "019ad000-0000-7000-8000-000000000001";
    private static final String PLACED = "{\"order_id\":\"" + ORDER + "\",\"status\":\"confirmed\",\"products\":"
            + "[{\"id\":1,\"price\":\"1.50\",\"quantity\":5}],\"total\":\"7.50\",\"shipping_to\":\"Тула\","
            + "\"created_at\":\"2026-11-30T12:00:00Z\"}";
    private static final String CHECKOUT =
            "key=k-1&version=%2242%22&line=1*1.50*5&line=2*2.50*10&shipping_to=%D0%A2%D1%83%D0%BB%D0%B0&phone=%2B7+999+000-00-01";

    @Test
    void showsTheCartWithItsPrices() {
        assertThat(html("/shop/cart"))
                .contains("<a href=\"/shop/products/1\">Product 1</a>", "₽1.50")
                .contains("name=\"quantity\" min=\"1\" max=\"999\" required value=\"5\"")
                .contains("<p class=\"sum\">₽7.50</p>", "<strong>₽32.50</strong>", "href=\"/shop/checkout\"");
    }

    @Test
    void aCartWithoutPricesCannotBeOrderedButIsShown() {
        behind.products().answer(Answer.status(500));

        assertThat(html("/shop/cart"))
                .contains("Product 1", "Names or prices of some products are not known right now")
                .doesNotContain("href=\"/shop/checkout\"");
    }

    @Test
    void aCartThatCannotBeHadIsSaidSo() {
        behind.cart().answer(Answer.status(500));

        assertThat(html("/shop/cart")).contains("This cannot be told right now").doesNotContain("Exception");
    }

    @Test
    void addsOnceAndLeavesAQuantityAsItIs() {
        behind.cart()
                .answer(request -> request.method().equals("GET")
                        ? Answer.json("[{\"product_id\":1,\"quantity\":5}]")
                        : Answer.status(204));

        assertThat(form("/shop/cart/add", "product=2&back=%2F%3Fafter%3D9")
                        .is(303)
                        .header("Location"))
                .isEqualTo("/?after=9&told=added");
        assertThat(form("/shop/cart/add", "product=1&back=%2F").is(303).header("Location"))
                .isEqualTo("/?told=was-in-cart");

        assertThat(writes(behind.cart())).containsExactly("PUT /users/3/cart/2 {\"quantity\":1}");
        assertThat(html("/?told=added")).contains("In your cart.");
        assertThat(html("/?told=%3Cb%3E")).doesNotContain("<b>", "role=\"status\"");
    }

    @Test
    void doesNotAddWhereTheCartCannotBeRead() {
        behind.cart().answer(request -> Answer.status(request.method().equals("GET") ? 500 : 204));

        assertThat(form("/shop/cart/add", "product=2").is(303).header("Location"))
                .isEqualTo("/?told=not-done");

        assertThat(writes(behind.cart())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"})
    void leadsNowhereElse(String back) {
        assertThat(form("/shop/favorites/add", "product=2&back=" + URLEncoder.encode(back, StandardCharsets.UTF_8))
                        .is(303)
                        .header("Location"))
                .isEqualTo("/?told=liked");
    }

    @Test
    void changesQuantitiesAndRemoves() {
        form("/shop/cart/set", "product=1&quantity=7").is(303);
        form("/shop/cart/remove", "product=2").is(303);
        form("/shop/cart/set", "product=1&quantity=0").is(400);

        assertThat(writes(behind.cart()))
                .containsExactly("PUT /users/3/cart/1 {\"quantity\":7}", "DELETE /users/3/cart/2 ");
    }

    @Test
    void theCheckoutFormCarriesItsKeyThePricesAndTheVersionOfTheOrders() {
        behind.orders().answer(Answer.of(200, Map.of("ETag", "\"42\""), "{\"orders\":[],\"fingerprint\":\"0\"}"));

        String page = html("/shop/checkout");

        assertThat(page)
                .containsPattern("name=\"key\" value=\"[0-9a-f-]{36}\"")
                .contains("name=\"version\" value=\"&quot;42&quot;\"")
                .contains("name=\"line\" value=\"1*1.50*5\"", "name=\"line\" value=\"2*2.50*10\"");
        assertThat(key(page)).isNotEqualTo(key(html("/shop/checkout")));
    }

    @Test
    void placesAnOrderUnderTheFormsKeyAndTakesItsLinesOutOfTheCart() {
        behind.orders().answer(Answer.of(201, Map.of("Location", "/api/v1/orders/" + ORDER), PLACED));

        Shop.Answer answer = form("/shop/checkout", CHECKOUT).is(303);

        assertThat(answer.header("Location")).isEqualTo("/shop/orders/" + ORDER + "?told=placed&form=k-1");
        FakeService.Request sent = behind.orders().requests().getFirst();
        assertThat(sent.header("Idempotency-Key")).isEqualTo("k-1");
        assertThat(sent.header("If-Match")).isEqualTo("\"42\"");
        assertThat(sent.body())
                .isEqualTo("{\"products\":[{\"id\":1,\"price\":\"1.50\",\"quantity\":5},{\"id\":2,\"price\":\"2.50\","
                        + "\"quantity\":10}],\"shipping_to\":\"Тула\",\"phone\":\"+79990000001\"}");
        theOrderedLinesLeaveTheCart();
    }

    @Test
    void whatAnotherTabHasPutIntoTheCartSinceStays() {
        behind.orders().answer(Answer.of(202, Map.of(), PLACED));
        behind.cart()
                .answer(request -> request.method().equals("GET")
                        ? Answer.json("[{\"product_id\":1,\"quantity\":5},{\"product_id\":2,\"quantity\":11},"
                                + "{\"product_id\":7,\"quantity\":1}]")
                        : Answer.status(204));

        form("/shop/checkout", CHECKOUT).is(303);

        await().until(() ->
                behind.cart().underWay() == 0 && !writes(behind.cart()).isEmpty());
        assertThat(writes(behind.cart())).containsExactly("DELETE /users/3/cart/1 ");
    }

    @Test
    void anOrderWhoseCallerHasLeftTakesItsLinesOutOfTheCart() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        behind.orders().answer(Answer.of(201, Map.of(), PLACED).when(open));
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), base.getPort())) {
            caller.getOutputStream()
                    .write(
                            ("POST /shop/checkout HTTP/1.1\r\nHost: bff\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                            + "Content-Length: " + CHECKOUT.length() + "\r\n\r\n" + CHECKOUT)
                                    .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> !behind.orders().requests().isEmpty());
        }
        open.countDown();

        theOrderedLinesLeaveTheCart();
        assertThat(behind.orders().requests()).hasSize(1);
    }

    private void theOrderedLinesLeaveTheCart() {
        await().untilAsserted(() -> assertThat(writes(behind.cart()))
                .containsExactlyInAnyOrder("DELETE /users/3/cart/1 ", "DELETE /users/3/cart/2 "));
    }

    @Test
    void whatOurOwnSecondTryRepeatsIsNotToldAsSentBefore() {
        behind.orders()
                .answer(request -> behind.orders().requests().size() == 1
                        ? Answer.CLOSES
                        : Answer.of(201, Map.of("Idempotent-Replayed", "true"), PLACED));
        behind.wallet()
                .answer(request -> behind.wallet().requests().size() == 1
                        ? Answer.CLOSES
                        : Answer.json("{\"balance\":\"1010.50\"}"));

        assertThat(form("/shop/checkout", CHECKOUT).is(303).header("Location"))
                .isEqualTo("/shop/orders/" + ORDER + "?told=placed&form=k-1");
        assertThat(form("/shop/wallet", "key=w-2&amount=1").is(303).header("Location"))
                .isEqualTo("/shop/wallet?told=topped-up&form=w-2");

        assertThat(behind.orders().requests()).hasSize(2);
        assertThat(behind.wallet().requests()).hasSize(2);
    }

    @Test
    void aFormThatIsSentAgainSaysSoAndItsLinesLeaveTheCartToo() {
        behind.orders().answer(Answer.of(201, Map.of("Idempotent-Replayed", "true"), PLACED));

        assertThat(form("/shop/checkout", CHECKOUT).is(303).header("Location"))
                .isEqualTo("/shop/orders/" + ORDER + "?told=placed-before&form=k-1");

        // else they would be ordered once more, under another key
        theOrderedLinesLeaveTheCart();
        behind.orders().answer(Answer.json(PLACED));
        assertThat(html("/shop/orders/" + ORDER + "?told=placed-before"))
                .contains("Nothing was ordered twice.", "Confirmed", "₽7.50", "Тула");
    }

    @Test
    void anUnknownOutcomeIsAskedAgainUnderTheSameKey() {
        behind.orders().answer(Answer.CLOSES);

        Shop.Answer answer = shop.send(
                        "POST",
                        "/shop/checkout",
                        CHECKOUT,
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "Accept",
                        "text/html")
                .is(504);

        assertThat(answer.body())
                .contains("It is not known yet", "Send again")
                .contains("<input type=\"hidden\" name=\"key\" value=\"k-1\">")
                .contains("<input type=\"hidden\" name=\"line\" value=\"2*2.50*10\">")
                .contains("<input type=\"hidden\" name=\"shipping_to\" value=\"Тула\">");
        assertThat(behind.orders().requests())
                .allSatisfy(sent -> assertThat(sent.header("Idempotency-Key")).isEqualTo("k-1"));
        assertThat(writes(behind.cart())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "402, insufficient-funds, not enough money",
        "409, out-of-stock, not in stock in that quantity",
        "409, price-changed, A price has changed",
        "412, orders-changed, Your orders have changed",
        "400, validation, That was refused"
    })
    void aRefusalShowsTheFormAsItWasFilledUnderANewKey(int status, String slug, String notice) {
        behind.orders().answer(Answer.of(status, Map.of(), "{\"type\":\"urn:vitrina:problem:" + slug + "\"}"));

        String page = form("/shop/checkout", CHECKOUT).is(status).body();

        assertThat(page)
                .containsPattern("<p slot=\"notice\" class=\"notice bad\" role=\"status\">[^<]*" + notice)
                .contains(">Тула</textarea>", "value=\"+7 999 000-00-01\"", "data-answered=\"k-1\"")
                .contains("name=\"line\" value=\"2*2.50*10\"");
        assertThat(key(page)).hasSize(36);
        assertThat(writes(behind.cart())).isEmpty();
    }

    @Test
    void aKeyThatIsTakenLeadsToTheOrders() {
        behind.orders().answer(Answer.of(422, Map.of(), "{\"type\":\"urn:vitrina:problem:idempotency-key-reused\"}"));

        assertThat(form("/shop/checkout", CHECKOUT).is(303).header("Location"))
                .isEqualTo("/shop/orders?told=key-used&form=k-1");
    }

    @Test
    void aFormOfAnotherCustomersPageDoesNothingAndSaysSo() {
        assertThat(form("/shop/cart/set", "user=4&product=1&quantity=7").is(303).header("Location"))
                .isEqualTo("/shop/cart?told=other-customer");
        assertThat(form("/shop/favorites/add", "user=4&product=1&back=%2F%3Fafter%3D9")
                        .is(303)
                        .header("Location"))
                .isEqualTo("/?after=9&told=other-customer");
        form("/shop/checkout", "user=4&" + CHECKOUT).is(303);
        form("/shop/wallet", "user=4&key=w&amount=1").is(303);
        form("/shop/orders/" + ORDER + "/cancel", "user=4").is(303);

        for (FakeService service : List.of(behind.cart(), behind.favorites(), behind.orders(), behind.wallet())) {
            assertThat(writes(service)).isEmpty();
        }
        assertThat(html("/shop/cart?told=other-customer")).contains("for another customer");
        // the same page's own customer, by its address
        assertThat(form("/shop/cart/set?user_id=4", "user=4&product=1&quantity=7")
                        .is(303)
                        .header("Location"))
                .isEqualTo("/shop/cart?user_id=4&told=cart-saved");
        assertThat(writes(behind.cart())).containsExactly("PUT /users/4/cart/1 {\"quantity\":7}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/shop/cart",
                "/shop/checkout",
                "/shop/favorites",
                "/shop/wallet",
                "/shop/products/7",
                "/shop/orders/" + ORDER
            })
    void everyFormAndLinkKeepsTheCustomerOfItsPage(String path) {
        behind.favorites().answer(Answer.json("[{\"product_id\":1}]"));
        behind.orders().answer(Answer.json(path.contains(ORDER) ? PLACED : "{\"orders\":[]}"));

        String page = html(path + "?user_id=4");

        // language, customer and what is sent again are nobody's
        assertThat(page.split("method=\"post\"", -1)).hasSizeGreaterThan(3);
        assertThat(page.split("<input type=\"hidden\" name=\"user\" value=\"4\">", -1))
                .hasSize(page.split("method=\"post\"", -1).length - 3);
        // a GET form's own fields take the place of its address's query
        String search = " role=\"search\" action=\"/\"";
        if (page.contains(search)) {
            assertThat(page).contains("<input type=\"hidden\" name=\"user_id\" value=\"4\">");
        }
        assertThat(Pattern.compile("(?:href|action)=\"(/[^\"]*)\"")
                        .matcher(page.replace(search, ""))
                        .results()
                        .map(found -> found.group(1))
                        .filter(target -> !target.startsWith("/assets/") && !target.startsWith("/shop/visitor/")))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(target).contains("user_id=4"));
        assertThat(form("/shop/visitor/customer", "user=5&back=%2Fshop%2Fcart%3Fuser_id%3D4")
                        .is(303)
                        .header("Location"))
                .isEqualTo("/shop/cart");
    }

    @Test
    void whatARejectedOrderTookComesBackIntoTheCart() {
        behind.orders().answer(Answer.json(PLACED.replace("confirmed", "rejected")));
        assertThat(html("/shop/orders/" + ORDER))
                .contains("action=\"/shop/cart/put-back\"", "name=\"line\" value=\"1**5\"");

        assertThat(form("/shop/cart/put-back", "line=1**4&line=7**3").is(303).header("Location"))
                .isEqualTo("/shop/cart?told=put-back");

        // 1 is there already
        assertThat(writes(behind.cart())).containsExactly("PUT /users/3/cart/7 {\"quantity\":3}");
    }

    @Test
    void whatIsNotSoldAnyMoreIsToldAndCanBeRemoved() {
        behind.products().answer(Backs.page(1));

        assertThat(html("/shop/cart"))
                .contains("Not sold any more", "Remove it to order the rest.", "action=\"/shop/cart/remove\"")
                .doesNotContain("right now", "href=\"/shop/checkout\"");
        assertThat(html("/shop/checkout"))
                .contains("Remove it to order the rest.", "href=\"/shop/cart\"")
                .doesNotContain("right now");
    }

    @Test
    void ordersAreListedShownAndCancelled() {
        behind.orders().answer(Answer.json("{\"orders\":[" + PLACED + "],\"fingerprint\":\"0\"}"));
        assertThat(html("/shop/orders")).contains("/shop/orders/" + ORDER, "Confirmed", "2026-11-30 12:00 UTC");

        behind.orders().answer(Answer.of(202, Map.of(), PLACED));
        assertThat(form("/shop/orders/" + ORDER + "/cancel", "").is(303).header("Location"))
                .isEqualTo("/shop/orders/" + ORDER + "?told=cancelling");

        behind.orders().answer(Answer.json(PLACED.replace("confirmed", "cancelling")));
        assertThat(html("/shop/orders/" + ORDER))
                .contains("Being cancelled", "http-equiv=\"refresh\"")
                .doesNotContain("/cancel\"");
        behind.orders().answer(Answer.status(404));
        shop.get("/shop/orders/" + ORDER, "Accept", "text/html").is(404);
    }

    @Test
    void moneyIsAddedOnceAKey() {
        assertThat(html("/shop/wallet"))
                .contains("<strong>₽10</strong>")
                .containsPattern("name=\"key\" value=\"[0-9a-f-]{36}\"");
        behind.wallet().answer(Answer.of(201, Map.of(), "{\"balance\":\"1010.50\"}"));
        assertThat(form("/shop/wallet", "key=w-1&amount=1+000%2C50").is(303).header("Location"))
                .isEqualTo("/shop/wallet?told=topped-up&form=w-1");
        FakeService.Request sent = behind.wallet().requests().getLast();
        assertThat(sent.header("Idempotency-Key")).isEqualTo("w-1");
        assertThat(sent.body()).isEqualTo("{\"amount\":\"1000.50\"}");

        behind.wallet().answer(Answer.json("{\"balance\":\"1010.50\"}"));
        assertThat(form("/shop/wallet", "key=w-1&amount=1000.50").is(303).header("Location"))
                .isEqualTo("/shop/wallet?told=topped-up-before&form=w-1");
    }

    @Test
    void showsMessagesAndFavorites() {
        behind.notifications()
                .answer(Answer.json("[{\"text\":\"Заказ подтверждён\",\"state\":\"sent\",\"order_id\":\"" + ORDER
                        + "\",\"created_at\":\"2026-11-30T12:00:00Z\"}]"));

        assertThat(html("/shop/notifications")).contains("Заказ подтверждён", "sent", "2026-11-30 12:00 UTC");
        assertThat(html("/shop/favorites")).contains("Product 3", "form=\"unlike\"");
        behind.favorites().answer(Answer.status(404));
        assertThat(html("/shop/favorites")).contains("You have no favorites yet.");
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, cross-site, 403",
        "Sec-Fetch-Site, same-site, 403",
        "Sec-Fetch-Site, same-origin, 303",
        "Origin, https://evil.example, 403",
        "Origin, null, 403",
        "Accept, */*, 303"
    })
    void anotherSitesPageChangesNothing(String header, String value, int status) {
        Shop.Answer answer = shop.send(
                "POST",
                "/shop/favorites/add",
                "product=2",
                "Content-Type",
                "application/x-www-form-urlencoded",
                header,
                value);

        answer.is(status);
        assertThat(writes(behind.favorites())).hasSize(status == 303 ? 1 : 0);
        // programs' routes too
        shop.send("PUT", "/favorites/2", null, header, value).is(status == 303 ? 204 : 403);
    }

    @Test
    void ourOwnOriginMayChange() {
        String own = "http://" + base.getHost() + ":" + base.getPort();

        shop.send("PUT", "/favorites/2", null, "Origin", own).is(204);
        Shop.Answer refused = shop.send("PUT", "/favorites/2", null, "Origin", "http://localhost:1")
                .is(403);
        assertThat(refused.json().getString("type")).isEqualTo("urn:vitrina:problem:foreign-site");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cart/1", "/api/v1/orders", "/wallet/top-ups"})
    void formsAreTakenByPagesOnly(String path) {
        String method = path.startsWith("/cart") ? "PUT" : "POST";

        shop.send(method, path, "a=b", "Content-Type", "application/x-www-form-urlencoded", "Idempotency-Key", "k")
                .is(415);
    }

    private String html(String path) {
        return shop.html(path);
    }

    private Shop.Answer form(String path, String fields) {
        return shop.send("POST", path, fields, "Content-Type", "application/x-www-form-urlencoded");
    }

    private static String key(String page) {
        Matcher key = Pattern.compile("name=\"key\" value=\"([^\"]+)\"").matcher(page);
        assertThat(key.find()).isTrue();
        return key.group(1);
    }

    private static List<String> writes(FakeService service) {
        return service.requests().stream()
                .filter(request -> !request.method().equals("GET"))
                .map(request -> request.method() + " " + request.target() + " " + request.body())
                .toList();
    }
}

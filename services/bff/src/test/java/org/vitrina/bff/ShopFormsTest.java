package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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
    void placesAnOrderUnderTheFormsKeyAndEmptiesTheCart() {
        behind.orders().answer(Answer.of(201, Map.of("Location", "/api/v1/orders/" + ORDER), PLACED));

        Shop.Answer answer = form("/shop/checkout", CHECKOUT).is(303);

        assertThat(answer.header("Location")).isEqualTo("/shop/orders/" + ORDER + "?told=placed");
        FakeService.Request sent = behind.orders().requests().getFirst();
        assertThat(sent.header("Idempotency-Key")).isEqualTo("k-1");
        assertThat(sent.header("If-Match")).isEqualTo("\"42\"");
        assertThat(sent.body())
                .isEqualTo("{\"products\":[{\"id\":1,\"price\":\"1.50\",\"quantity\":5},{\"id\":2,\"price\":\"2.50\","
                        + "\"quantity\":10}],\"shipping_to\":\"Тула\",\"phone\":\"+79990000001\"}");
        assertThat(writes(behind.cart())).containsExactly("DELETE /users/3/cart ");
    }

    @Test
    void aFormThatIsSentAgainSaysSoAndLeavesTheCartAlone() {
        behind.orders().answer(Answer.of(201, Map.of("Idempotent-Replayed", "true"), PLACED));

        assertThat(form("/shop/checkout", CHECKOUT).is(303).header("Location"))
                .isEqualTo("/shop/orders/" + ORDER + "?told=placed-before");

        assertThat(writes(behind.cart())).isEmpty();
        behind.orders().answer(Answer.json(PLACED));
        assertThat(html("/shop/orders/" + ORDER + "?told=placed-before"))
                .contains("Nothing was ordered twice.", "Confirmed", "₽7.50", "Тула");
    }

    @Test
    void anUnknownOutcomeIsAskedAgainUnderTheSameKey() {
        behind.orders().answer(Answer.CLOSES);

        Shop.Answer answer = form("/shop/checkout", CHECKOUT).is(504);

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
        "402, insufficient-funds, /shop/checkout?told=insufficient-funds",
        "409, out-of-stock, /shop/checkout?told=out-of-stock",
        "409, price-changed, /shop/checkout?told=price-changed",
        "412, orders-changed, /shop/checkout?told=orders-changed",
        "422, idempotency-key-reused, /shop/orders?told=key-used",
        "400, validation, /shop/checkout?told=refused"
    })
    void aRefusalIsToldAndTheCartStays(int status, String slug, String location) {
        behind.orders().answer(Answer.of(status, Map.of(), "{\"type\":\"urn:vitrina:problem:" + slug + "\"}"));

        assertThat(form("/shop/checkout", CHECKOUT).is(303).header("Location")).isEqualTo(location);

        assertThat(writes(behind.cart())).isEmpty();
        behind.orders().answer(Answer.json("{\"orders\":[],\"fingerprint\":\"0\"}"));
        assertThat(html(location))
                .containsPattern("<p slot=\"notice\" class=\"notice (bad|calm)\" role=\"status\">.{20}");
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
                .isEqualTo("/shop/wallet?told=topped-up");
        FakeService.Request sent = behind.wallet().requests().getLast();
        assertThat(sent.header("Idempotency-Key")).isEqualTo("w-1");
        assertThat(sent.body()).isEqualTo("{\"amount\":\"1000.50\"}");

        behind.wallet().answer(Answer.json("{\"balance\":\"1010.50\"}"));
        assertThat(form("/shop/wallet", "key=w-1&amount=1000.50").is(303).header("Location"))
                .isEqualTo("/shop/wallet?told=topped-up-before");
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
        return shop.get(path, "Accept", "text/html").is(200).body();
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

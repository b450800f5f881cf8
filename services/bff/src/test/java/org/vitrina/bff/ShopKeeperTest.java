package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.http.Answer;
import org.vitrina.testing.http.FakeService;

/** The pages of whoever keeps the shop: products, prices, stock, each changed only as it was seen. */
@QuarkusTest
class ShopKeeperTest extends BffTest {
    private static final String PRODUCT =
            "{\"product_id\":3,\"product_name\":\"Samovar\",\"price\":\"2500.00\",\"category_id\":1}";

    private void kept() {
        behind.products()
                .answer(request ->
                        request.method().equals("GET") && request.target().startsWith("/products?")
                                ? Backs.page(1, 2, 3)
                                : Answer.of(200, Map.of("ETag", "\"7\""), PRODUCT));
        behind.inventory()
                .answer(request -> request.target().endsWith("/stock")
                        ? Answer.of(200, Map.of("ETag", "\"60\""), "{\"on_hand\":60,\"reserved\":20}")
                        : Answer.json("{\"inventory\":1}"));
    }

    @Test
    void listsProductsAndShowsOneAsItIsNow() {
        kept();

        assertThat(html("/shop/keeper?q=pro"))
                .contains("href=\"/shop/keeper/products/2\"", "Product 2", "₽2.50", "value=\"pro\"");
        assertThat(html("/shop/keeper/products/3"))
                .contains("name=\"version\" value=\"&quot;7&quot;\"", "value=\"Samovar\"", "value=\"2500.00\"")
                .contains("name=\"version\" value=\"&quot;60&quot;\"", "min=\"20\"", "value=\"60\"")
                .contains("20 of them are reserved");
        assertThat(html("/")).contains("href=\"/shop/keeper\"");
    }

    @Test
    void changesAProductOnlyAsItWasSeen() {
        kept();

        assertThat(form("/shop/keeper/products/3", "version=%227%22&name=Samovar+2&price=2+600,5")
                        .is(303)
                        .header("Location"))
                .isEqualTo("/shop/keeper/products/3?told=kept");

        FakeService.Request sent = writes(behind.products()).getFirst();
        assertThat(sent.method() + " " + sent.target()).isEqualTo("PATCH /products/3");
        assertThat(sent.header("If-Match")).isEqualTo("\"7\"");
        assertThat(sent.header("Content-Type")).isEqualTo("application/merge-patch+json");
        assertThat(sent.body()).isEqualTo("{\"product_name\":\"Samovar 2\",\"price\":\"2600.5\"}");

        behind.products().answer(Answer.of(412, Map.of("ETag", "\"8\""), "{}"));
        assertThat(form("/shop/keeper/products/3", "version=%227%22&name=S&price=1")
                        .header("Location"))
                .isEqualTo("/shop/keeper/products/3?told=kept-changed");
        kept();
        assertThat(html("/shop/keeper/products/3?told=kept-changed")).contains("nothing was saved");
    }

    @Test
    void countsStockOnlyAsItWasSeen() {
        kept();

        assertThat(form("/shop/keeper/products/3/stock", "version=%2260%22&on_hand=75")
                        .is(303)
                        .header("Location"))
                .isEqualTo("/shop/keeper/products/3?told=kept");

        FakeService.Request sent = writes(behind.inventory()).getFirst();
        assertThat(sent.method() + " " + sent.target()).isEqualTo("PUT /products/3/inventory");
        assertThat(sent.header("If-Match")).isEqualTo("\"60\"");
        assertThat(sent.body()).isEqualTo("{\"inventory\":75}");

        behind.inventory()
                .answer(Answer.of(
                        409,
                        Map.of("Content-Type", "application/problem+json"),
                        "{\"type\":\"urn:vitrina:problem:below-reserved\"}"));
        assertThat(form("/shop/keeper/products/3/stock", "version=%2260%22&on_hand=5")
                        .header("Location"))
                .isEqualTo("/shop/keeper/products/3?told=below-reserved");
    }

    @Test
    void whatNobodyHasCountedIsCountedFirst() {
        kept();
        behind.inventory()
                .answer(request ->
                        request.method().equals("GET") ? Answer.status(404) : Answer.json("{\"inventory\":5}"));

        assertThat(html("/shop/keeper/products/3")).contains("name=\"version\" value=\"\"");
        form("/shop/keeper/products/3/stock", "version=&on_hand=5").is(303);

        assertThat(writes(behind.inventory()).getFirst().header("If-Match")).isNull();
    }

    @Test
    void whatCannotBeIsRefusedAndNothingIsSent() {
        kept();

        for (String fields : new String[] {"version=%2260%22&on_hand=-1", "version=a%0Db&on_hand=1", "on_hand=many"}) {
            assertThat(form("/shop/keeper/products/3/stock", fields).is(303).header("Location"))
                    .isEqualTo("/shop/keeper/products/3?told=refused");
        }
        form("/shop/keeper/products/3", "version=%0D%0A&name=S&price=1").is(303);
        assertThat(writes(behind.inventory())).isEmpty();
        assertThat(writes(behind.products())).isEmpty();
    }

    @Test
    void aChangeIsSentOnceAndAnUnknownOutcomeIsSaid() {
        kept();
        behind.inventory().answer(Answer.CLOSES);

        assertThat(form("/shop/keeper/products/3/stock", "version=%2260%22&on_hand=75")
                        .is(303)
                        .header("Location"))
                .isEqualTo("/shop/keeper/products/3?told=unknown");

        assertThat(writes(behind.inventory())).hasSize(1);
    }

    @Test
    void stockThatCannotBeHadIsSaidBesideTheProduct() {
        kept();
        behind.inventory().answer(Answer.status(500));

        assertThat(html("/shop/keeper/products/3")).contains("value=\"Samovar\"", "This cannot be told right now");
    }

    private String html(String path) {
        return shop.get(path, "Accept", "text/html").is(200).body();
    }

    private Shop.Answer form(String path, String fields) {
        return shop.send("POST", path, fields, "Content-Type", "application/x-www-form-urlencoded");
    }

    private static List<FakeService.Request> writes(FakeService service) {
        return service.requests().stream()
                .filter(request -> !request.method().equals("GET"))
                .toList();
    }
}

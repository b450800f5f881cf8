package org.vitrina.orders;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrina.testing.PostgresResource;
import org.vitrina.testing.http.Answer;

/** What is not sold, and why. Each test has a buyer of its own. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
class OrderRefusalsTest extends OrdersSuite {
    @Test
    void notEnoughMoneyIs402AndNothingIsTakenAndTheKeyIsFree() {
        Buyer buyer = Buyer.in(shop);
        shop.products.prices.put(buyer.product, "60.00");
        String key = Buyer.key();
        String body = buyer.body(2).replace("10.00", "60.00");

        Response refused = send(buyer, key, body);

        problem(refused, 402, "insufficient-funds");
        refused.then().header("ETag", "\"2\"").body("order_id", matchesPattern(V7));
        buyer.assertSpent("0.00", 0);
        buyer.list()
                .then()
                .body("orders", hasSize(1))
                .body("orders[0].status", equalTo("rejected"))
                .body("orders[0].reason", equalTo("insufficient-funds"));

        shop.wallet.fill(buyer.user, "20.00");
        send(buyer, key, body).then().statusCode(201).header("Idempotent-Replayed", nullValue());
        assertThat(shop.wallet.balance(buyer.user)).isEqualTo("0.00");
        assertThat(buyer.orders()).isEqualTo(2);
    }

    @Test
    void notEnoughStockIs409AndNothingIsTakenAndTheKeyIsFree() {
        Buyer buyer = Buyer.in(shop);
        shop.inventory.fill(buyer.product, 1);
        String key = Buyer.key();

        Response refused = buyer.buy(key, 2);

        problem(refused, 409, "out-of-stock");
        refused.then()
                .body("product_ids", equalTo(List.of(buyer.product)))
                .body("detail", containsString("product " + buyer.product));
        assertThat(shop.wallet.balance(buyer.user)).isEqualTo("100.00");
        assertThat(shop.inventory.level(buyer.product)).isEqualTo(1);

        shop.inventory.fill(buyer.product, 2);
        buyer.buyWithin(Buyer.LONG, key, 2).then().statusCode(201);
    }

    @Test
    void anotherPriceIs409AndTheKeyIsFree() {
        Buyer buyer = Buyer.in(shop);
        shop.products.prices.put(buyer.product, "10.01");
        String key = Buyer.key();

        Response refused = buyer.buy(key, 1);

        problem(refused, 409, "price-changed");
        refused.then().body("products", equalTo(List.of(Map.of("id", buyer.product, "price", "10.01"))));
        assertThat(buyer.orders()).isZero();
        assertThat(buyer.etag()).isEqualTo("\"0\"");
        shop.products.prices.put(buyer.product, "10.00");
        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201);
    }

    @Test
    void anUnknownProductIs409AndTheKeyIsFree() {
        Buyer buyer = Buyer.in(shop);
        shop.products.prices.remove(buyer.product);
        String key = Buyer.key();

        Response refused = buyer.buy(key, 1);

        problem(refused, 409, "unknown-product");
        refused.then().body("product_ids", equalTo(List.of(buyer.product)));
        shop.products.prices.put(buyer.product, "10.00");
        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201);
    }

    @Test
    void productsAwayIs503AndTheKeyIsFree() {
        Buyer buyer = Buyer.in(shop);
        String key = Buyer.key();
        for (Shop.Fault fault :
                List.of(Shop.AWAY, Shop.FAILS, (request, carryOut) -> Answer.json("{\"no\":\"list\"}"))) {
            shop.products.fault = fault;
            Response refused = buyer.buy(key, 1);
            problem(refused, 503, "products-unavailable");
            refused.then().header("Retry-After", notNullValue());
        }
        shop.heal();
        buyer.buyWithin(Buyer.LONG, key, 1).then().statusCode(201).header("Idempotent-Replayed", nullValue());
    }

    @Test
    void productsThatHangAre503WithinTheDeadline() {
        Buyer buyer = Buyer.in(shop);
        shop.products.fault = Shop.HANGS;

        problem(buyer.buyWithin(700, Buyer.key(), 1), 503, "products-unavailable");
        assertThat(buyer.orders()).isZero();
    }

    @Test
    void aDeadlineTooShortForAnyPriceIsNoFaultOfProducts() {
        Buyer buyer = Buyer.in(shop);
        shop.products.fault = Shop.HANGS;

        problem(buyer.buyWithin(200, Buyer.key(), 1), 504, "timeout");
        assertThat(buyer.orders()).isZero();
    }

    @Test
    void anOrderForNothingNeedsNoMoney() {
        Buyer buyer = new Buyer(shop, "0.00", 10);
        shop.products.prices.put(buyer.product, "0.00");

        String order = send(buyer, Buyer.key(), buyer.body(1).replace("10.00", "0"))
                .then()
                .statusCode(201)
                .body("total", equalTo("0.00"))
                .extract()
                .jsonPath()
                .getString("order_id");
        buyer.cancelled(order);
    }

    @Test
    void theLargestTotalIsTakenAndNoLarger() {
        Buyer buyer = new Buyer(shop, "999999999999.99", 10);
        shop.products.prices.put(buyer.product, "999999999999.99");
        String body = buyer.body(1).replace("10.00", "999999999999.99");
        send(buyer, Buyer.key(), body).then().statusCode(201).body("total", equalTo("999999999999.99"));

        problem(send(buyer, Buyer.key(), body.replace("\"quantity\":1", "\"quantity\":2")), 400, "validation");
    }

    @Test
    void theAuditAddsUpMoreThanOneAmountMayBe() {
        Buyer rich = new Buyer(shop, "999999999999.99", 10);
        shop.products.prices.put(rich.product, "999999999999.99");
        send(rich, Buyer.key(), rich.body(1).replace("10.00", "999999999999.99"))
                .then()
                .statusCode(201);
        Buyer.in(shop).bought(1);

        given().get("/ops/audit")
                .then()
                .statusCode(200)
                .body("orders.find { it.status == 'confirmed' }.total", matchesPattern("[1-9][0-9]{12,}\\.[0-9]{2}"));
    }
}

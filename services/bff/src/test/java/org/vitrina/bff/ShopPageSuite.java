package org.vitrina.bff;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.vitrina.testing.http.FakeService;

/** The shop page: what its tests look at. */
abstract class ShopPageSuite extends BffTest {
    static final String WELL = "{\"cart_items\":2,\"favorite_items\":3,\"products\":["
            + "{\"product_id\":1,\"product_name\":\"Product 1\",\"price\":\"1.50\",\"inventory\":10},"
            + "{\"product_id\":2,\"product_name\":\"Product 2\",\"price\":\"2.50\",\"inventory\":20},"
            + "{\"product_id\":3,\"product_name\":\"Product 3\",\"price\":\"3.50\",\"inventory\":30}],"
            + "\"degraded\":[]}";

    static List<String> targets(FakeService service) {
        return service.requests().stream().map(FakeService.Request::target).toList();
    }

    static String levels(Shop.Answer answer) {
        return answer.json().getJsonArray("products").stream()
                .map(product -> String.valueOf(((JsonObject) product).getInteger("inventory")))
                .toList()
                .toString();
    }
}

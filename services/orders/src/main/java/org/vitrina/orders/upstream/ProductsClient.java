package org.vitrina.orders.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reason;
import org.vitrina.client.Reply;
import org.vitrina.core.Money;
import org.vitrina.orders.OrdersConfig;

/** The guarded face of the catalogue. */
@Singleton
public class ProductsClient {
    private final GuardedService products;
    private final ObjectMapper json;

    ProductsClient(OrdersConfig config, Vertx vertx, MeterRegistry registry, ObjectMapper json) {
        this.products = new GuardedService("products", config.products(), vertx, registry);
        this.json = json;
    }

    /**
     * The present prices, never a copy; products that the catalogue does not know are left out. Fails with a {@link
     * CallFailure}.
     */
    public Uni<Map<Integer, Money>> prices(CallScope scope, Collection<Integer> productIds) {
        String ids = productIds.stream().map(String::valueOf).collect(Collectors.joining(","));
        return products.send(scope, HttpMethod.GET, "/products?product_ids=" + ids, null)
                .map(this::prices);
    }

    private Map<Integer, Money> prices(Reply reply) {
        if (reply.status() != 200) {
            throw new CallFailure.Uncounted(Reason.ERROR, "products answered " + reply.status());
        }
        var prices = new HashMap<Integer, Money>();
        try {
            JsonNode list = json.readTree(reply.body().getBytes());
            if (!list.isArray()) {
                throw new CallFailure.Final(Reason.ERROR, "products did not answer with a list", null);
            }
            for (JsonNode product : list) {
                prices.put(
                        product.required("product_id").intValue(),
                        Money.parse(product.required("price").asText()));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new CallFailure.Final(Reason.ERROR, "products did not answer with prices", e);
        }
        return prices;
    }

    @PreDestroy
    void close() {
        products.close();
    }
}

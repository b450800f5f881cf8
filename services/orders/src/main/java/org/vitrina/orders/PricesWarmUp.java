package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.vitrina.client.CallScope;
import org.vitrina.core.Deadline;
import org.vitrina.orders.upstream.ProductsClient;
import org.vitrina.runtime.BeforeReady;

/**
 * Asks for prices before the service is ready: the first orders of a cold process would pay for its connections and its
 * code, and enough of them at once are slow enough to open the breaker. Products may be away, so after {@code
 * vitrina.orders.warm-up} it is ready anyway.
 */
@ApplicationScoped
class PricesWarmUp implements BeforeReady {
    private static final List<Integer> ANY_PRODUCT = List.of(1);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int QUESTIONS = 100;

    private final ProductsClient products;
    private final Vertx vertx;
    private final Duration longest;

    PricesWarmUp(ProductsClient products, Vertx vertx, OrdersConfig config) {
        this.products = products;
        this.vertx = vertx;
        this.longest = config.warmUp();
    }

    @Override
    public Uni<Void> run() {
        if (longest.isZero()) {
            return Uni.createFrom().voidItem();
        }
        return ask().onFailure()
                .retry()
                .withBackOff(PAUSE, PAUSE)
                .expireIn(longest.toMillis())
                .chain(first -> BeforeReady.askOften(QUESTIONS - 1, this::ask))
                .ifNoItem()
                .after(longest)
                .fail()
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private Uni<Void> ask() {
        return Uni.createFrom()
                .deferred(() -> products.prices(
                        CallScope.until(vertx, Deadline.in(longest), true, CallScope.Carried.NONE), ANY_PRODUCT))
                .replaceWithVoid();
    }
}

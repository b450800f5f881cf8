package org.vitrina.cart;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import org.vitrina.runtime.WarmUp;

/** Reads and writes a cart before the service is ready. */
@ApplicationScoped
class CartWarmUp extends WarmUp {
    private static final int ANYBODY = 1;

    private final CartService carts;
    private final ObjectMapper json;

    CartWarmUp(CartService carts, ObjectMapper json) {
        this.carts = carts;
        this.json = json;
    }

    @Override
    public String name() {
        return "carts";
    }

    @Override
    protected Uni<?> work() {
        return carts.of(ANYBODY).invoke(Unchecked.consumer(json::writeValueAsBytes));
    }
}

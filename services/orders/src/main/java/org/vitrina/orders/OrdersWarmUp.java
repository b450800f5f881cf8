package org.vitrina.orders;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Validator;
import java.util.List;
import java.util.UUID;
import org.vitrina.http.IdempotencyKey;
import org.vitrina.runtime.WarmUp;

/** Does what an order needs, for one that is nobody's, before the service is ready. */
@ApplicationScoped
class OrdersWarmUp extends WarmUp {
    private static final int ANYBODY = 1;
    private static final String AN_ORDER =
            "{\"products\":[{\"id\":1,\"price\":\"1.00\",\"quantity\":1}],\"shipping_to\":\"-\",\"phone\":\"+70000000000\"}";

    private final OrderRepository orders;
    private final ObjectMapper json;
    private final Validator validator;

    OrdersWarmUp(OrderRepository orders, ObjectMapper json, Validator validator) {
        this.orders = orders;
        this.json = json;
        this.validator = validator;
    }

    @Override
    public String name() {
        return "orders";
    }

    @Override
    protected Uni<?> work() {
        // made by chance, so that it is no order: ours begin with their time
        UUID none = UUID.randomUUID();
        return Uni.createFrom()
                .item(Unchecked.supplier(() -> {
                    OrderInput input = json.readValue(AN_ORDER, OrderInput.class);
                    validator.validate(input);
                    return NewOrder.of(input).fingerprint();
                }))
                .chain(fingerprint -> orders.standing(ANYBODY, IdempotencyKey.parse("-")))
                .chain(standing -> orders.move(none, Step.CHARGE, Step.CHARGE, null, null, null))
                .chain(moved -> orders.committed(List.of(none)))
                .chain(marked -> orders.page(ANYBODY, null, 1))
                .invoke(Unchecked.consumer(page -> json.writeValueAsBytes(
                        page.orders().stream().map(OrderView::of).toList())));
    }
}

package org.vitrina.orders.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;
import org.vitrina.orders.OrdersConfig;

/** The guarded face of inventory's reservations. All calls are idempotent by the order's id. */
@Startup
@ApplicationScoped
public class InventoryClient {
    private static final String TYPE = "urn:vitrina:problem:";

    private final Upstream inventory;
    private final HttpTransport http;
    private final ObjectMapper json;

    InventoryClient(Upstreams upstreams, OrdersConfig config, ObjectMapper json) {
        this.inventory = upstreams.upstream("inventory", config.inventory());
        this.http = upstreams.transport(config.inventory());
        this.json = json;
    }

    /** Takes all parts off what can be sold, or none. Never fails. */
    public Uni<StepOutcome> reserve(CallScope scope, UUID orderId, List<ReservationItem> parts) {
        return StepOutcomes.of(send(scope, HttpMethod.PUT, path(orderId), body(parts)), this::reserved);
    }

    /** Puts it back; a reservation that was not, or comes later, will not be. Never fails. */
    public Uni<StepOutcome> release(CallScope scope, UUID orderId) {
        return StepOutcomes.of(send(scope, HttpMethod.DELETE, path(orderId), null), StepOutcomes::undone);
    }

    /** Makes the reservation final. Refused once it has run out and the stock is sold. Never fails. */
    public Uni<StepOutcome> commit(CallScope scope, UUID orderId) {
        return StepOutcomes.of(
                send(scope, HttpMethod.POST, path(orderId) + "/commit", null), InventoryClient::committed);
    }

    private Uni<Reply> send(CallScope scope, HttpMethod method, String path, @Nullable String json) {
        return guarded(inventory.call(scope, own -> http.send(own, method, path, json)));
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("inventory")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }

    private StepOutcome reserved(Reply reply) {
        return switch (reply.status()) {
            case 200, 201 -> StepOutcome.DONE;
            case 409 -> refusal(reply);
            case 400, 422 -> new StepOutcome.Refused(RejectionReason.NOT_POSSIBLE, "");
            default -> StepOutcome.UNKNOWN;
        };
    }

    private static StepOutcome committed(Reply reply) {
        return switch (reply.status()) {
            case 200, 204 -> StepOutcome.DONE;
            case 409 -> new StepOutcome.Refused(RejectionReason.RESERVATION_GONE, "");
            default -> StepOutcome.UNKNOWN;
        };
    }

    private StepOutcome refusal(Reply reply) {
        try {
            JsonNode problem = json.readTree(reply.body().getBytes());
            if (problem.path("type").asText().equals(TYPE + RejectionReason.OUT_OF_STOCK.slug())) {
                return new StepOutcome.Refused(RejectionReason.OUT_OF_STOCK, products(problem));
            }
        } catch (IOException unreadable) {
            // it is a refusal all the same
        }
        return new StepOutcome.Refused(RejectionReason.NOT_POSSIBLE, "");
    }

    /** The products that the problem names: {@code products} or {@code product_ids}, of numbers or of objects. */
    private static String products(JsonNode problem) {
        var named = new StringJoiner(",");
        for (String member : List.of("products", "product_ids")) {
            for (JsonNode product : problem.path(member)) {
                JsonNode id = product.isObject() ? product.path("product_id") : product;
                if (id.canConvertToInt()) {
                    named.add(Integer.toString(id.asInt()));
                }
            }
        }
        return named.toString();
    }

    private static String body(List<ReservationItem> parts) {
        var items = new StringJoiner(",", "{\"items\":[", "]}");
        for (ReservationItem part : parts) {
            items.add("{\"product_id\":" + part.productId() + ",\"quantity\":" + part.quantity() + "}");
        }
        return items.toString();
    }

    private static String path(UUID orderId) {
        return "/reservations/" + orderId;
    }
}

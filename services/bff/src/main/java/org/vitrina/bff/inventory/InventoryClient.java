package org.vitrina.bff.inventory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.SharedCalls;
import org.vitrina.bff.upstream.Write;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;

/** The guarded face of the inventory service. */
@Startup
@ApplicationScoped
public class InventoryClient implements SharedCalls {
    private static final JsonFactory JSON = new JsonFactory();

    private final InventoryRestClient rest;
    private final Upstream inventory;
    private final HttpTransport http;

    InventoryClient(@RestClient InventoryRestClient rest, Upstreams upstreams, BffConfig config) {
        this.rest = rest;
        this.inventory = upstreams.upstream("inventory", config.inventory());
        this.http = upstreams.transport(config.inventory());
    }

    /**
     * What a batch read brought.
     *
     * @param known levels by id
     * @param late ids that inventory itself could not answer in time; all others asked for are unknown to it
     */
    record Batch(Map<String, Integer> known, java.util.Set<String> late) {}

    /** Levels of many products with one call. */
    Uni<Batch> levels(CallScope scope, List<String> ids) {
        String path = "/inventory?product_ids=" + String.join(",", ids);
        return guarded(inventory
                .call(scope, own -> http.get(own, path)
                        .map(reply -> batch(Replies.ok("inventory", reply).body(), ids.size())))
                .hedged());
    }

    /** The level of one product; the item is null where inventory does not know it. */
    Uni<@Nullable Integer> level(CallScope scope, String id) {
        String path = "/products/" + id + "/inventory";
        return guarded(inventory
                .call(scope, own -> http.get(own, path)
                        .map(reply -> reply.status() == 404
                                ? null
                                : single(Replies.ok("inventory", reply).body())))
                .hedged());
    }

    /** What the warehouse has, with its {@code ETag}; the service's own answer, whatever its status below 500. */
    public Uni<Reply> stock(CallScope scope, int id) {
        return guarded(inventory.rest(scope, carried -> rest.stock(id, carried)).hedged());
    }

    /**
     * Says once what is on hand: a repetition of what was done would be told that it has changed.
     *
     * @param seen the {@code ETag} of the stock that the new count replaces; null where nothing was ever counted
     * @param onHand the JSON body
     */
    public Uni<Reply> setOnHand(CallScope scope, int id, @Nullable String seen, byte[] onHand) {
        return Write.of(
                inventory,
                scope,
                carried -> rest.setOnHand(id, seen, onHand, carried),
                call -> guarded(call.onlyOnce()));
    }

    @Override
    public void shared(CallScope scope, Throwable failure) {
        inventory.shared(scope, failure, this::guarded);
    }

    @Override
    public @Nullable CallFailure refusal() {
        return inventory.refusal();
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("inventory")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }

    private static Integer single(Buffer body) {
        Integer level = null;
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            expect(json.nextToken() == JsonToken.START_OBJECT);
            String field;
            while ((field = json.nextFieldName()) != null) {
                JsonToken value = json.nextToken();
                if (field.equals("inventory")) {
                    expect(value == JsonToken.VALUE_NUMBER_INT);
                    level = level(json);
                } else {
                    json.skipChildren();
                }
            }
            expect(json.nextToken() == null);
        } catch (IOException e) {
            throw broken(e);
        }
        if (level == null) {
            throw broken(null);
        }
        return level;
    }

    private static Batch batch(Buffer body, int size) {
        Map<String, Integer> known = HashMap.newHashMap(size);
        java.util.Set<String> late = java.util.Set.of();
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            expect(json.nextToken() == JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken() == JsonToken.START_OBJECT);
                String id = null;
                Integer level = null;
                boolean timeout = false;
                String field;
                while ((field = json.nextFieldName()) != null) {
                    JsonToken value = json.nextToken();
                    switch (field) {
                        case "product_id" -> {
                            expect(value == JsonToken.VALUE_NUMBER_INT);
                            id = json.getText();
                        }
                        case "inventory" -> {
                            expect(value == JsonToken.VALUE_NUMBER_INT || value == JsonToken.VALUE_NULL);
                            level = value == JsonToken.VALUE_NULL ? null : level(json);
                        }
                        case "reason" -> timeout = value == JsonToken.VALUE_STRING && "timeout".equals(json.getText());
                        default -> json.skipChildren();
                    }
                }
                if (id == null) {
                    throw broken(null);
                }
                if (level != null) {
                    known.put(id, level);
                } else if (timeout) {
                    late = late.isEmpty() ? new java.util.HashSet<>() : late;
                    late.add(id);
                }
            }
            expect(json.nextToken() == null);
        } catch (IOException e) {
            throw broken(e);
        }
        return new Batch(known, late);
    }

    private static int level(JsonParser json) throws IOException {
        int level = json.getIntValue();
        expect(level >= 0);
        return level;
    }

    private static void expect(boolean met) {
        if (!met) {
            throw broken(null);
        }
    }

    private static CallFailure broken(@Nullable Throwable cause) {
        return new CallFailure.Retryable("no inventory levels: broken or unexpected JSON", cause);
    }
}

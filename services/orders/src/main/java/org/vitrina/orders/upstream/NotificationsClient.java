package org.vitrina.orders.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Startup;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.vitrina.client.Accounted;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reason;
import org.vitrina.client.Replies;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.Upstreams;
import org.vitrina.orders.OrdersConfig;

/** The guarded face of notifications, which gets our events by the broker: it is asked only what it has taken. */
@Startup
@ApplicationScoped
public class NotificationsClient {
    private final Upstream notifications;
    private final HttpTransport http;
    private final ObjectMapper json;

    NotificationsClient(Upstreams upstreams, OrdersConfig config, ObjectMapper json) {
        this.notifications = upstreams.upstream("notifications", config.notifications());
        this.http = upstreams.transport(config.notifications());
        this.json = json;
    }

    /** Those of the events (at most 200) that it has taken. Fails with a {@link CallFailure}. */
    public Uni<List<UUID>> taken(CallScope scope, Collection<UUID> events) {
        String path =
                "/ops/taken?event_ids=" + events.stream().map(UUID::toString).collect(Collectors.joining(","));
        return guarded(notifications.call(scope, own -> http.get(own, path))).map(this::taken);
    }

    /** What became of an order's messages. Fails with a {@link CallFailure}. */
    public Uni<List<MessageFate>> messages(CallScope scope, UUID order) {
        return guarded(notifications.call(scope, own -> http.get(own, "/ops/orders/" + order)))
                .map(this::messages);
    }

    @Accounted
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class, abortOn = CircuitBreakerOpenException.class)
    @CircuitBreaker(skipOn = CallFailure.Uncounted.class)
    @CircuitBreakerName("notifications")
    @Timeout
    <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.attempt();
    }

    private List<MessageFate> messages(Reply reply) {
        try {
            List<MessageFate> messages = new ArrayList<>();
            for (JsonNode message : json.readTree(
                            Replies.ok("notifications", reply).body().getBytes())
                    .required("messages")) {
                messages.add(new MessageFate(
                        UUID.fromString(message.required("event_id").asText()),
                        message.required("type").asText(),
                        message.required("state").asText(),
                        message.path("reason").textValue(),
                        message.path("tries").asInt(),
                        Instant.parse(message.required("received_at").asText()),
                        message.hasNonNull("settled_at")
                                ? Instant.parse(message.path("settled_at").asText())
                                : null));
            }
            return messages;
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw new CallFailure.Final(Reason.ERROR, "notifications did not answer with a list of messages", e);
        }
    }

    private List<UUID> taken(Reply reply) {
        try {
            JsonNode taken = json.readTree(
                            Replies.ok("notifications", reply).body().getBytes())
                    .required("taken");
            List<UUID> events = new ArrayList<>(taken.size());
            for (JsonNode event : taken) {
                events.add(UUID.fromString(event.asText()));
            }
            return events;
        } catch (IOException | IllegalArgumentException e) {
            throw new CallFailure.Final(Reason.ERROR, "notifications did not answer with a list of events", e);
        }
    }
}

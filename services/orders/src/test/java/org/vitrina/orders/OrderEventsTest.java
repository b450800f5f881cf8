package org.vitrina.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseEvent;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vitrina.runtime.Draining;
import org.vitrina.testing.EventStream;
import org.vitrina.testing.LogLines;
import org.vitrina.testing.PostgresResource;

/** An order's live states. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, initArgs = @ResourceArg(name = "database", value = "orders"))
@WithTestResource(Shop.class)
@SuppressWarnings("NullAway.Init") // set by the test resource and by Quarkus
class OrderEventsTest {
    @TestHTTPResource("/api/v1/orders/")
    URI orders;

    @Inject
    OrderRepository repository;

    @Inject
    Vertx vertx;

    @Inject
    OrdersConfig config;

    Shop.Services shop;

    @AfterEach
    void heal() {
        shop.heal();
    }

    @Test
    void tellsThePresentStateFirstThenEachChange() throws IOException {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(1);
        try (var stream = stream(buyer, order, null)) {
            assertNext(stream, "2", "order.confirmed", "confirmed", order);

            buyer.cancelled(order);

            Map<String, String> next = stream.next();
            if ("order.cancelling".equals(next.get("event"))) {
                next = stream.next();
            }
            assertThat(next).containsEntry("id", "4").containsEntry("event", "order.cancelled");
        }
    }

    @Test
    void readersWhoLeaveAreNoError() throws IOException {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(1);
        try (LogLines log = new LogLines()) {
            for (int i = 0; i < 10; i++) {
                try (var stream = stream(buyer, order, null)) {
                    assertNext(stream, "2", "order.confirmed", "confirmed", order);
                }
            }
            // each of them would have been told
            buyer.cancelled(order);
            try (var stream = stream(buyer, order, null)) {
                assertNext(stream, "4", "order.cancelled", "cancelled", order);
            }
            assertThat(log.errors()).isEmpty();
        }
    }

    @Test
    void tellsWhatAnotherReplicaDid() throws IOException {
        Buyer buyer = Buyer.in(shop);
        String order = Database.abandoned(buyer, Buyer.key(), 1, 600_000);
        try (var stream = stream(buyer, order, null)) {
            assertNext(stream, "1", "order.pending", "pending", order);

            Database.execute("SELECT move_order(?::uuid, 'charge', 'commit', 'confirmed', NULL, NULL, 600000)", order);

            assertNext(stream, "2", "order.confirmed", "confirmed", order);
        }
    }

    @Test
    void whoKnowsThePresentStateIsToldOnlyTheNext() throws IOException {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(1);
        try (var stream = stream(buyer, order, "2")) {
            assertThat(stream.nextLine()).isEqualTo(":alive");
            buyer.cancelled(order);
            assertThat(stream.next().get("id")).isIn("3", "4");
        }
        try (var stream = stream(buyer, order, "2")) {
            assertNext(stream, "4", "order.cancelled", "cancelled", order);
        }
        try (var stream = stream(buyer, order, "no number")) {
            assertNext(stream, "4", "order.cancelled", "cancelled", order);
        }
    }

    @Test
    void showsALifeSignWhileNothingHappens() throws IOException {
        Buyer buyer = Buyer.in(shop);
        String order = buyer.bought(1);
        try (var stream = stream(buyer, order, "2")) {
            assertThat(stream.nextLine()).isEqualTo(":alive");
            assertThat(stream.nextLine()).isEqualTo(":alive");
        }
    }

    @Test
    void aStreamThatEndsWithItsReplicaSaysWhenToComeBack() {
        Buyer buyer = Buyer.in(shop);
        UUID order = UUID.fromString(buyer.bought(1));
        var told = new CompletableFuture<Void>();
        var watchers = new OrderWatchers(repository, new Ending(told), vertx, config);

        var events = Collections.synchronizedList(new ArrayList<OutboundSseEvent>());
        var ended = new CompletableFuture<Void>();
        watchers.stream(buyer.user, order, null, new SseImpl())
                .subscribe()
                .with(events::add, ended::completeExceptionally, () -> ended.complete(null));
        await().until(() -> events.size() == 1);
        assertThat(events.getFirst().getReconnectDelay()).isEqualTo(SseEvent.RECONNECT_NOT_SET);
        assertThat(ended).isNotDone();
        told.complete(null);

        assertThat(ended).succeedsWithin(Duration.ofSeconds(20));
        assertThat(events.getLast().getReconnectDelay()).isEqualTo(1000);
        assertThat(events.getLast().getData()).isNull();
    }

    /** Told to end when {@code told} completes. */
    private record Ending(CompletableFuture<Void> told) implements Draining {
        @Override
        public boolean begun() {
            return told.isDone();
        }

        @Override
        public Uni<Void> whenBegun() {
            return Uni.createFrom().completionStage(told);
        }
    }

    private EventStream stream(Buyer buyer, String order, @Nullable String last) throws IOException {
        return new EventStream(orders.resolve(order + "/events?user_id=" + buyer.user), last);
    }

    private static void assertNext(EventStream stream, String id, String name, String status, String order)
            throws IOException {
        Map<String, String> event = stream.next();
        assertThat(event).containsEntry("id", id).containsEntry("event", name);
        var data = new JsonObject(event.get("data"));
        assertThat(data.getString("order_id")).isEqualTo(order);
        assertThat(data.getString("status")).isEqualTo(status);
        assertThat(data.getString("total")).isEqualTo("10.00");
    }
}

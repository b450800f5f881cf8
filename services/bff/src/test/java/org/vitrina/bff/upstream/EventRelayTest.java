package org.vitrina.bff.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.Test;
import org.vitrina.client.ServerSentEvent;
import org.vitrina.runtime.Draining;

class EventRelayTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration NEVER = Duration.ofHours(1);

    /** Told to end when {@code begins} completes. */
    private record Leaving(Uni<Void> begins) implements Draining {
        @Override
        public boolean begun() {
            return false;
        }

        @Override
        public Uni<Void> whenBegun() {
            return begins;
        }
    }

    @Test
    void showsALifeSignWhileNothingHappens() {
        var relay = new EventRelay(new Leaving(Uni.createFrom().nothing()), Duration.ofMillis(20), NEVER);

        List<OutboundSseEvent> events = first(2, relay.relay(Multi.createFrom().nothing(), new SseImpl()));

        assertThat(events).extracting(OutboundSseEvent::getComment).containsExactly("still here", "still here");
        assertThat(events).extracting(OutboundSseEvent::getData).containsOnlyNulls();
    }

    @Test
    void endsWithAWordWhenTheProcessIsToldToEnd() {
        var relay = new EventRelay(new Leaving(Uni.createFrom().voidItem()), NEVER, NEVER);

        assertEnds(all(relay.relay(Multi.createFrom().nothing(), new SseImpl())));
    }

    @Test
    void endsWithAWordWhenTheStreamBehindBreaks() {
        var relay = new EventRelay(new Leaving(Uni.createFrom().nothing()), NEVER, NEVER);

        assertEnds(all(relay.relay(
                Multi.createFrom().<ServerSentEvent>failure(new IllegalStateException("reset")), new SseImpl())));
    }

    @Test
    void endsAStreamFromWhichNothingComesAndCancelsIt() {
        var relay = new EventRelay(new Leaving(Uni.createFrom().nothing()), NEVER, Duration.ofMillis(50));
        var cancelled = new AtomicInteger();

        assertEnds(all(relay.relay(
                Multi.createFrom().<ServerSentEvent>nothing().onCancellation().invoke(cancelled::incrementAndGet),
                new SseImpl())));

        await().untilAsserted(() -> assertThat(cancelled).hasValue(1));
    }

    @Test
    void aHeartbeatOfTheStreamBehindKeepsItOpen() {
        var relay = new EventRelay(new Leaving(Uni.createFrom().nothing()), NEVER, Duration.ofSeconds(2));
        Multi<ServerSentEvent> beats = Multi.createFrom()
                .ticks()
                .every(Duration.ofMillis(100))
                .select()
                .first(40)
                .map(tick -> new ServerSentEvent(null, null, null, "alive"));
        Multi<ServerSentEvent> late = Multi.createFrom().item(new ServerSentEvent("7", "order", "{}", null));

        List<OutboundSseEvent> events =
                all(relay.relay(Multi.createBy().concatenating().streams(beats, late), new SseImpl()));

        assertThat(events).hasSize(2).first().satisfies(event -> assertThat(event.getId())
                .isEqualTo("7"));
    }

    private static void assertEnds(List<OutboundSseEvent> events) {
        assertThat(events).singleElement().satisfies(end -> {
            assertThat(end.getReconnectDelay()).isEqualTo(1000);
            assertThat(end.getData()).isNull();
        });
    }

    private static List<OutboundSseEvent> first(int count, Multi<OutboundSseEvent> events) {
        return all(events.select().first(count));
    }

    private static List<OutboundSseEvent> all(Multi<OutboundSseEvent> events) {
        return events.collect().asList().await().atMost(SOON);
    }
}

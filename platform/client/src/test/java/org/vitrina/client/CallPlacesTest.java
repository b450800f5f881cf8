package org.vitrina.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallPlacesTest {
    private final List<UniEmitter<? super String>> made = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();

    private Uni<String> endless() {
        return Uni.createFrom().emitter(made::add);
    }

    private Cancellable start(CallPlaces places, String name) {
        return places.call(this::endless)
                .subscribe()
                .with(done -> ended.add(name + " " + done), failure -> ended.add(name + " failed"));
    }

    @Test
    void callsBeyondThePlacesWaitAndGoOnInTheirOrder() {
        CallPlaces places = new CallPlaces(1, 10);
        start(places, "first");
        start(places, "second");
        start(places, "third");
        assertThat(made).hasSize(1);

        made.get(0).complete("done");
        assertThat(made).hasSize(2);
        made.get(1).fail(new IllegalStateException("broken"));
        made.get(2).complete("done");

        assertThat(ended).containsExactly("first done", "second failed", "third done");
        start(places, "fourth");
        assertThat(made).as("every place came back").hasSize(4);
    }

    @Test
    void whoLeavesTheQueueTakesNoPlaceAndWhoLeavesItsPlaceGivesItOn() {
        CallPlaces places = new CallPlaces(1, 10);
        Cancellable first = start(places, "first");
        Cancellable second = start(places, "second");
        start(places, "third");

        second.cancel();
        first.cancel();

        assertThat(made).as("calls made: the first and the third").hasSize(2);
        made.get(1).complete("done");
        assertThat(ended).containsExactly("third done");
    }

    @Test
    void moreThanMayWaitFailAtOnce() {
        CallPlaces places = new CallPlaces(1, 1);
        start(places, "first");
        Cancellable second = start(places, "second");

        start(places, "third");
        second.cancel();
        start(places, "fourth");

        assertThat(ended).containsExactly("third failed");
        made.get(0).complete("done");
        assertThat(made).as("the fourth waited in the second's stead").hasSize(2);
    }

    @Test
    void everyPlaceComesBackHoweverCallsOfManyLoopsEnd() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            CallPlaces places = new CallPlaces(3, 100_000);
            AtomicInteger underWay = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            int calls = 20_000;
            CountDownLatch over = new CountDownLatch(calls);
            for (int i = 0; i < calls; i++) {
                Context loop = vertx.getOrCreateContext();
                boolean leaves = i % 3 == 0;
                loop.runOnContext(there -> {
                    Cancellable call = places.call(() -> Uni.createFrom()
                                    .<Integer>emitter(emitter -> {
                                        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                                        vertx.runOnContext(later -> emitter.complete(1));
                                    })
                                    // not the emitter's own: it hears of the end after the place was given on
                                    .onTermination()
                                    .invoke(underWay::decrementAndGet))
                            .onTermination()
                            .invoke(over::countDown)
                            .subscribe()
                            .with(done -> {}, failure -> {});
                    if (leaves) {
                        if (ThreadLocalRandom.current().nextBoolean()) {
                            call.cancel();
                        } else {
                            Thread.ofVirtual().start(call::cancel);
                        }
                    }
                });
            }
            assertThat(over.await(60, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 3; i++) {
                start(places, "after " + i);
            }
            assertThat(made).as("all three places are free again").hasSize(3);
            assertThat(most.get()).isBetween(1, 3);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}

package org.vitrina.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.core.Deadline;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.persistence.Sql;
import org.vitrina.runtime.trace.Traces;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.Race;

/** Outbox, relay, queues and dead letters; the same on every broker. Each test has keys and texts of its own. */
abstract class MessagingSuite extends MessagingFixture {
    @Test
    void sendsWhatWasCommitted() {
        OutgoingEvent event = event("kept.first", "a", "{\"a\":1}");

        run(() -> notes.write("sent", List.of(event)));

        List<Mailbox.Letter> arrived = awaitKept(1);
        assertThat(arrived).hasSize(1);
        assertThat(arrived.getFirst().body()).isEqualTo("{\"a\":1}");
        assertThat(arrived.getFirst().routingKey()).isEqualTo("kept.first");
        assertThat(arrived.getFirst().messageId()).isEqualTo(event.id().toString());
        awaitEmptyOutbox();
    }

    @Test
    void sendsNothingOfWhatWasRolledBack() {
        assertThatThrownBy(() -> run(() -> notes.writeAndFail("undone", List.of(event("kept.no", "b", "no")))))
                .hasMessageContaining("on purpose");
        run(() -> notes.write("done", List.of(event("kept.yes", "b", "yes"))));

        assertThat(awaitKept(1)).extracting(Mailbox.Letter::body).containsExactly("yes");
        assertThat(number("SELECT count(*) FROM note WHERE text = 'undone'")).isZero();
    }

    @Test
    void takesNoEventWithoutATransaction() {
        assertThatThrownBy(() -> run(() -> notes.addWithoutTransaction(event("kept.no", "c", "no"))))
                .hasMessageContaining("no transaction");
    }

    @Test
    void severalRelaysSendEachEventOnceAndEachKeyInOrder() {
        double failedBefore = registry.get("vitrina.outbox.failed").counter().count();
        List<OutboxRelay> relays = new ArrayList<>();
        List<Publisher> publishers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            var publisher = new Publisher(connections, topology, points, Traces.OFF);
            publishers.add(publisher);
            relays.add(new OutboxRelay(
                    new OutboxRepository(new Sql(pool)),
                    publisher,
                    outboxConfig,
                    brokerConfig,
                    points,
                    vertx,
                    new RelaySignal(),
                    registry));
        }
        try {
            relays.forEach(relay -> relay.start(new io.quarkus.runtime.StartupEvent()));
            Race.of(8, writer -> {
                for (int i = 0; i < 25; i++) {
                    String key = "race-" + writer;
                    int first = i * 2;
                    run(() -> notes.write(
                            "raced",
                            List.of(
                                    event("kept.raced", key, key + " " + first),
                                    event("kept.raced", key, key + " " + (first + 1)))));
                }
                return writer;
            });

            Map<String, List<Integer>> byKey = new LinkedHashMap<>();
            Set<String> all = new HashSet<>();
            while (all.size() < 400) {
                for (Mailbox.Letter letter : awaitKept(1)) {
                    all.add(letter.body());
                    String[] parts = letter.body().split(" ", -1);
                    byKey.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(Integer.parseInt(parts[1]));
                }
            }
            assertThat(byKey).hasSize(8);
            // on a busy machine a confirm may come too late, and what waited for it is sent again
            boolean once = registry.get("vitrina.outbox.failed").counter().count() == failedBefore;
            assertThat(byKey.values()).allSatisfy(numbers -> assertThat(
                            once ? numbers : numbers.stream().distinct().toList())
                    .isEqualTo(IntStream.range(0, 50).boxed().toList()));
        } finally {
            relays.forEach(relay -> relay.stop(new io.quarkus.runtime.ShutdownEvent()));
            awaitEmptyOutbox();
            publishers.forEach(Publisher::close);
        }
    }

    @Test
    void leavesToAnotherRelayWhatThatHoldsAndWhatComesAfterItAndTakesItOverWhenTheLeaseEnds() {
        execute("INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body, held_by, held_until) VALUES"
                + " (gen_random_uuid(), 'events', 'kept.held', 'held', 'first', gen_random_uuid(),"
                + " clock_timestamp() + INTERVAL '4 seconds')");
        run(() -> notes.write("held", List.of(event("kept.held", "held", "second"))));
        run(() -> notes.write("free", List.of(event("kept.free", "free", "free"))));

        assertThat(awaitKept(1)).extracting(Mailbox.Letter::body).containsExactly("free");

        assertThat(awaitKept(2)).extracting(Mailbox.Letter::body).containsExactly("first", "second");
    }

    /** As after a freeze between taking and sending. */
    @Test
    void sendsNothingOnceItsLeaseIsOver() {
        var publisher = new Publisher(connections, topology, points, Traces.OFF);
        try {
            var late = new OutboxRow(
                    1, UUID.randomUUID(), "events", "kept.late", "late", new JsonObject(), Buffer.buffer("late"), 0);
            Publisher.Sent sent = publisher
                    .publish(List.of(late), Deadline.in(Duration.ZERO))
                    .await()
                    .atMost(SOON);
            assertThat(sent.confirmed()).isEmpty();
            assertThat(sent.failure()).hasMessageStartingWith("the lease of these events is over");
        } finally {
            publisher.close();
        }
        run(() -> notes.write("in time", List.of(event("kept.late", "late", "in time"))));
        assertThat(awaitKept(1)).extracting(Mailbox.Letter::body).containsExactly("in time");
    }

    /** One test, since a broker takes its time to start again. */
    @Test
    void losesNothingWhileTheBrokerIsAwayAndGoesOnWhenItIsBack() {
        broker.kill();
        try {
            for (int i = 0; i < 20; i++) {
                OutgoingEvent event = event("kept.away", "away", "away " + i);
                run(() -> notes.write("away", List.of(event)));
            }
            assertThat(number("SELECT count(*) FROM outbox")).isEqualTo(20);
            assertThatThrownBy(() -> run(() -> redrive.redrive("letters", 10)))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.code())
                            .isEqualTo(ErrorCode.UNAVAILABLE));
        } finally {
            broker.restart();
        }

        assertThat(awaitKept(20))
                .extracting(Mailbox.Letter::body)
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "away " + i).toList());
        awaitReader();
        mailbox.send("events", "letter.back", "id-6", "back again");
        await().atMost(SOON).until(() -> !letters.handled("back again").isEmpty());
    }

    @Test
    void losesNothingWhileTheBrokerIsFrozen() {
        broker.freeze();
        try {
            for (int i = 0; i < 5; i++) {
                OutgoingEvent event = event("kept.frozen", "frozen " + i, "frozen " + i);
                run(() -> notes.write("frozen", List.of(event)));
            }
            // longer than a confirm may take: the relay has given up at least once
            await().atMost(SOON)
                    .until(() -> registry.get("vitrina.outbox.failed").counter().count() > 0);
        } finally {
            broker.thaw();
        }

        List<String> bodies = new ArrayList<>();
        await().atMost(SOON).untilAsserted(() -> {
            mailbox.take("kept").forEach(letter -> bodies.add(letter.body()));
            assertThat(bodies).contains("frozen 0", "frozen 1", "frozen 2", "frozen 3", "frozen 4");
        });
        awaitEmptyOutbox();
    }

    @Test
    void keepsEventsForAReceiverThatHasNeverRun() {
        mailbox.delete("kept");
        var publisher = new Publisher(connections, topology, points, Traces.OFF);
        try {
            // the sender declares the queue, from its settings, over each new connection
            var early = new OutboxRow(
                    1, UUID.randomUUID(), "events", "kept.early", "early", new JsonObject(), Buffer.buffer("early"), 0);
            Publisher.Sent sent = run(() -> publisher.publish(List.of(early), Deadline.in(SOON)));

            assertThat(sent.confirmed()).containsExactly(1L);
            assertThat(awaitKept(1)).extracting(Mailbox.Letter::body).containsExactly("early");
        } finally {
            publisher.close();
        }
    }

    @Test
    void losesNothingWhenTheQueueIsDeletedUnderIt() {
        run(() -> notes.write("there", List.of(event("kept.there", "there", "there"))));
        awaitKept(1);
        mailbox.delete("kept");

        for (int i = 0; i < 20; i++) {
            OutgoingEvent event = event("kept.gone", "gone " + i % 2, "gone " + i % 2 + " " + i);
            run(() -> notes.write("gone", List.of(event)));
        }

        List<String> bodies = awaitKept(20).stream().map(Mailbox.Letter::body).toList();
        assertThat(bodies).doesNotHaveDuplicates().hasSize(20);
        for (int key = 0; key < 2; key++) {
            int odd = key;
            assertThat(bodies)
                    .filteredOn(body -> body.startsWith("gone " + odd))
                    .isEqualTo(IntStream.range(0, 20)
                            .filter(i -> i % 2 == odd)
                            .mapToObj(i -> "gone " + odd + " " + i)
                            .toList());
        }
    }

    @Test
    void aReaderMakesItsQueueAgainWhenItIsDeleted() {
        awaitReader();
        mailbox.delete("letters");

        await().atMost(SOON).ignoreExceptions().until(() -> mailbox.consumers("letters") > 0);
        mailbox.send("events", "letter.again", "id-8", "into the new queue");
        await().atMost(SOON).until(() -> letters.handled("into the new queue").size() == 1);
    }

    @Test
    void knowsTheFirstTimeFromAllOthers() {
        UUID event = UUID.randomUUID();

        assertThat(run(() -> notes.firstTime("somebody", event))).isTrue();
        assertThat(run(() -> notes.firstTime("somebody", event))).isFalse();
        assertThat(run(() -> notes.firstTime("another", event))).isTrue();
    }

    @Test
    void forgetsTheFirstTimeWithTheTransactionThatWasRolledBack() {
        UUID event = UUID.randomUUID();
        assertThatThrownBy(() -> run(() -> notes.firstTimeAndFail("somebody", event)))
                .hasMessageContaining("on purpose");

        assertThat(run(() -> notes.firstTime("somebody", event))).isTrue();
    }

    @Test
    void oneOfManyIsTheFirst() {
        UUID event = UUID.randomUUID();

        List<Boolean> answers = Race.of(16, i -> run(() -> notes.firstTime("somebody", event)));

        assertThat(answers).containsOnlyOnce(true);
    }

    @Test
    void forgetsWhatWasHandledLongAgo() {
        // more than in one portion
        execute("INSERT INTO handled_event (consumer, event_id, handled_at) SELECT 'old', gen_random_uuid(),"
                + " clock_timestamp() - INTERVAL '31 days' FROM generate_series(1, 5001)");
        execute("INSERT INTO handled_event (consumer, event_id, handled_at) VALUES"
                + " ('old', gen_random_uuid(), clock_timestamp() - INTERVAL '29 days')");

        run(() -> forgetting.work().replaceWithVoid());

        assertThat(number("SELECT count(*) FROM handled_event WHERE consumer = 'old'"))
                .isEqualTo(1);
        execute("DELETE FROM handled_event WHERE consumer = 'old'");
    }

    @Test
    void handlesAMessageOfItsQueue() {
        awaitReader();
        mailbox.send("events", "letter.new", "id-1", "hello");

        await().atMost(SOON).until(() -> letters.handled("hello").size() == 1);
        QueueMessage message = letters.handled("hello").getFirst();
        assertThat(message.queue()).isEqualTo("letters");
        assertThat(message.exchange()).isEqualTo("events");
        assertThat(message.routingKey()).isEqualTo("letter.new");
        assertThat(message.messageId()).isEqualTo("id-1");
        assertThat(message.redriven()).isFalse();
        await().atMost(SOON).until(() -> mailbox.waiting("letters") == 0);
    }

    @Test
    void connectionsAreReplacedAtTheirAge() {
        var toSend = new AtomicInteger();
        var toReceive = new AtomicInteger();
        var publisher = new Publisher(counted(toSend), topology, points, Traces.OFF);
        var reader = new QueueReader(
                letters, counted(toReceive), topology, parked, handling, points, queuesConfig, brokerConfig);
        reader.start();
        try {
            await().atMost(SOON).until(() -> {
                publisher.connect().await().atMost(SOON);
                return toSend.get() >= 3 && toReceive.get() >= 3;
            });
        } finally {
            reader.stop();
            publisher.close();
        }
    }

    private BrokerConnections counted(AtomicInteger opened) {
        return new BrokerConnections(brokerConfig, "messaging-test") {
            @Override
            public Connection open(String purpose) throws IOException, TimeoutException {
                opened.incrementAndGet();
                return super.open(purpose);
            }
        };
    }

    /** Connections become two seconds old in these tests. */
    @Test
    void noMessageIsLostOrHandledTwiceWhenAConnectionIsReplacedAtItsAge() {
        awaitReader();
        List<String> texts = IntStream.range(0, 120).mapToObj(i -> "aged " + i).toList();
        for (String text : texts) {
            mailbox.send("events", "letter.aged", text, text);
            await().pollDelay(Duration.ofMillis(25)).until(() -> true);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(texts)
                .allSatisfy(text -> assertThat(letters.handled(text)).hasSize(1)));
        assertThat(texts).allSatisfy(text -> assertThat(letters.attempts(text)).isEqualTo(1));
    }

    @Test
    void aPoisonousMessageBecomesADeadLetterAfterFiveAttemptsAndHoldsUpNobody() {
        awaitReader();
        letters.script("poison", message -> Uni.createFrom().failure(new MessageException("tastes of almonds")));
        mailbox.send("events", "letter.bad", "id-2", "poison");
        mailbox.send("events", "letter.good", "id-3", "after poison");

        await().atMost(SOON).until(() -> letters.handled("after poison").size() == 1);
        List<Mailbox.Letter> dead = awaitLetters("letters.dlq", 1);

        assertThat(letters.attempts("poison")).isEqualTo(5);
        assertThat(dead).hasSize(1);
        assertThat(dead.getFirst().body()).isEqualTo("poison");
        assertThat(dead.getFirst().headers())
                .containsEntry("x-vitrina-reason", "tastes of almonds")
                .containsEntry("x-vitrina-attempts", "5")
                .containsEntry("x-vitrina-queue", "letters")
                .containsEntry("x-vitrina-exchange", "events")
                .containsEntry("x-vitrina-routing-key", "letter.bad")
                .containsEntry("x-vitrina-message-id", "id-2");
        assertThat(number("SELECT count(*) FROM parked_message")).isZero();
    }

    @Test
    void theAttemptsAtAMessageComeWithGrowingPauses() {
        awaitReader();
        List<Long> times = new CopyOnWriteArrayList<>();
        letters.script("in vain", message -> {
            times.add(System.nanoTime());
            return Uni.createFrom().failure(new MessageException("never"));
        });
        mailbox.send("events", "letter.vain", "id-7", "in vain");

        await().atMost(SOON).until(() -> times.size() == 5);
        // no sooner, that is; how much later is a matter of the machine
        List<Long> pauses = List.of(20L, 80L, 320L, 400L);
        for (int i = 0; i < pauses.size(); i++) {
            assertThat(Duration.ofNanos(times.get(i + 1) - times.get(i)).toMillis())
                    .as("pause %d of %s", i + 1, times)
                    .isGreaterThanOrEqualTo(pauses.get(i) * 9 / 10);
        }
        assertThat(awaitLetters("letters.dlq", 1)).hasSize(1);
    }

    @Test
    void aMessageOfAnyBytesKeepsThem() {
        awaitReader();
        byte[] bytes = {0, (byte) 0xff, (byte) 0xfe, 10, 0};
        String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        letters.script(text, message -> Uni.createFrom().failure(new MessageException("no text")));
        mailbox.send("", "letters", null, bytes, 1);

        List<Mailbox.Letter> dead = awaitLetters("letters.dlq", 1);

        assertThat(dead).hasSize(1);
        assertThat(dead.getFirst().body()).isEqualTo(text);
    }

    @Test
    void whatIsTooLargeIsADeadLetterThatNobodyReads() {
        awaitReader();
        String text = "x".repeat(65_537);
        mailbox.send("events", "letter.large", "id-9", text);

        List<Mailbox.Letter> dead = awaitLetters("letters.dlq", 1);

        assertThat(dead.getFirst().body()).isEqualTo(text);
        assertThat(dead.getFirst().headers()).containsEntry("x-vitrina-reason", "larger than 65536 bytes");
        assertThat(letters.attempts(text)).isZero();
    }

    /** The process died with it in hand: it is counted before it is handled again, and handled alone. */
    @Test
    void whatWasDeliveredBeforeIsKeptAndCountedBeforeItIsHandled() {
        var seen = new AtomicInteger();
        QueueHandler deadly = new QueueHandler() {
            @Override
            public String queue() {
                return "deadly";
            }

            @Override
            public Uni<Void> handle(QueueMessage message) {
                seen.incrementAndGet();
                return Uni.createFrom().nothing();
            }
        };
        mailbox.bind("deadly", "events", "deadly");
        var dying =
                new QueueReader(deadly, connections, topology, parked, handling, points, queuesConfig, brokerConfig);
        dying.start();
        await().atMost(SOON).until(() -> mailbox.consumers("deadly") == 1);
        mailbox.send("events", "deadly", "id-10", "kills");
        await().atMost(SOON).until(() -> seen.get() == 1);
        dying.stop();
        await().atMost(SOON).until(() -> mailbox.consumers("deadly") == 0);

        var next = new QueueReader(deadly, connections, topology, parked, handling, points, queuesConfig, brokerConfig);
        next.start();
        try {
            await().atMost(SOON)
                    .until(() ->
                            number("SELECT count(*) FROM parked_message WHERE queue = 'deadly' AND attempts = 1") == 1);
            await().atMost(SOON).until(() -> mailbox.waiting("deadly") == 0);
            assertThat(seen.get()).isEqualTo(1);
        } finally {
            next.stop();
            execute("DELETE FROM parked_message WHERE queue = 'deadly'");
        }
    }

    @Test
    void whatKilledItsReaderAtEachAttemptIsADeadLetterAndIsNotHandledOnceMore() {
        awaitReader();
        execute("INSERT INTO parked_message (id, queue, exchange, routing_key, message_id, redriven, body, attempts,"
                + " reason, next_at) VALUES (gen_random_uuid(), 'letters', 'events', 'letter.deadly', 'id-11', FALSE,"
                + " 'kills', 5, '" + ParkedRepository.NO_END + "', clock_timestamp())");

        List<Mailbox.Letter> dead = awaitLetters("letters.dlq", 1);

        assertThat(dead.getFirst().body()).isEqualTo("kills");
        assertThat(dead.getFirst().headers())
                .containsEntry("x-vitrina-reason", ParkedRepository.NO_END)
                .containsEntry("x-vitrina-attempts", "5");
        assertThat(letters.attempts("kills")).isZero();
    }

    @Test
    void whatMayHaveKilledItsReaderIsHandledAlone() {
        assertThat(mostTogether("suspect", 2, 5)).isEqualTo(1);
    }

    /** As after a broker that ended in an unclean way: all that was in the queue may have been delivered before. */
    @Test
    void whatMayHaveBeenDeliveredBeforeIsHandledTogether() {
        assertThat(mostTogether("left behind", 1, 60)).isBetween(2, 16);
    }

    private int mostTogether(String text, int attempts, int count) {
        awaitReader();
        var together = new AtomicInteger();
        var most = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            letters.script(text + ' ' + i, message -> {
                most.accumulateAndGet(together.incrementAndGet(), Math::max);
                return handling.pause(20).invoke(together::decrementAndGet);
            });
        }
        execute("INSERT INTO parked_message (id, queue, exchange, routing_key, message_id, redriven, body, attempts,"
                + " reason, next_at) SELECT gen_random_uuid(), 'letters', 'events', 'letter.suspect', 'id', FALSE,"
                + " ('" + text + " ' || number)::bytea, " + attempts + ", '" + ParkedRepository.NO_END
                + "', clock_timestamp() FROM generate_series(0, " + (count - 1) + ") AS number");

        await().atMost(SOON).until(() -> number("SELECT count(*) FROM parked_message") == 0);

        for (int i = 0; i < count; i++) {
            assertThat(letters.handled(text + ' ' + i)).hasSize(1);
        }
        return most.get();
    }

    /** Its lease is longer, so that no other process takes it meanwhile for one that ended its reader. */
    @Test
    void anAttemptThatDoesNotEndIsOneFailureAndIsOverBeforeItsLeaseIs() {
        awaitReader();
        letters.script("endless", message -> Uni.createFrom().nothing());
        execute("INSERT INTO parked_message (id, queue, exchange, routing_key, message_id, redriven, body, attempts,"
                + " reason, next_at) VALUES (gen_random_uuid(), 'letters', 'events', 'letter.endless', 'id-13', FALSE,"
                + " 'endless', 4, 'before', clock_timestamp())");

        List<Mailbox.Letter> dead = awaitLetters("letters.dlq", 1);

        assertThat(dead.getFirst().headers())
                .containsEntry("x-vitrina-reason", "an attempt at it took longer than PT4S")
                .containsEntry("x-vitrina-attempts", "5");
        assertThat(letters.attempts("endless")).isEqualTo(1);
    }

    /** It came before the broker's limit did, which else would close the connection again and again. */
    @Test
    void aDeadLetterThatTheBrokerDoesNotTakeIsCut() {
        awaitReader();
        execute("INSERT INTO parked_message (id, queue, exchange, routing_key, message_id, redriven, body, attempts,"
                + " reason, next_at) VALUES (gen_random_uuid(), 'letters', 'events', 'letter.huge', 'id-14', FALSE,"
                + " repeat('x', 200000)::bytea, 4, 'before', clock_timestamp())");

        List<Mailbox.Letter> dead = awaitLetters("letters.dlq", 1);

        assertThat(dead.getFirst().body()).isEqualTo("x".repeat(131_072));
        assertThat(dead.getFirst().headers())
                .containsEntry("x-vitrina-reason", "larger than 65536 bytes")
                .containsEntry("x-vitrina-size", "200000");
    }

    @Test
    void anEventThatWasGivenUpIsKnownAsSuch() {
        awaitReader();
        UUID event = UUID.randomUUID();
        letters.script("given up", message -> Uni.createFrom().failure(new MessageException("no good")));
        mailbox.send("events", "letter.bad", event.toString(), "given up");

        awaitLetters("letters.dlq", 1);

        assertThat(number("SELECT count(*) FROM handled_event WHERE consumer = 'letters.dlq' AND event_id = '" + event
                        + "'"))
                .isEqualTo(1);
    }

    @Test
    void whatCannotBeDoneNowIsNoAttempt() {
        awaitReader();
        letters.script(
                "patience",
                message -> letters.attempts("patience") <= 7
                        ? Uni.createFrom().failure(new ProblemException(ErrorCode.UNAVAILABLE, "the database is away"))
                        : Uni.createFrom().voidItem());
        mailbox.send("events", "letter.patience", "id-4", "patience");

        await().atMost(SOON).until(() -> letters.handled("patience").size() == 1);
        assertThat(letters.attempts("patience")).isEqualTo(8);
    }

    @Test
    void anOperatorHasADeadLetterTriedAgain() {
        awaitReader();
        letters.script("mended", message -> Uni.createFrom().failure(new MessageException("broken")));
        mailbox.send("events", "letter.mended", "id-5", "mended");
        await().atMost(SOON).until(() -> mailbox.waiting("letters.dlq") == 1);
        letters.noScript("mended");

        assertThat(run(() -> redrive.redrive("letters", 10))).isEqualTo(1);

        await().atMost(SOON).until(() -> letters.handled("mended").size() == 1);
        QueueMessage message = letters.handled("mended").getFirst();
        assertThat(message.redriven()).isTrue();
        assertThat(message.exchange()).isEqualTo("events");
        assertThat(message.routingKey()).isEqualTo("letter.mended");
        assertThat(message.messageId()).isEqualTo("id-5");
        assertThat(mailbox.waiting("letters.dlq")).isZero();
    }

    @Test
    void aDeadLetterOfWhatIsNotRememberedIsNotTakenUpAgain() {
        awaitReader();
        String old = "of " + Instant.now().minus(Duration.ofDays(30).plusMinutes(1));
        String young = "of " + Instant.now().minus(Duration.ofDays(30).minusMinutes(10));
        for (String letter : List.of(old, young)) {
            letters.script(letter, message -> Uni.createFrom().failure(new MessageException("broken")));
            mailbox.send("events", "letter.dated", letter, letter);
        }
        await().atMost(SOON).until(() -> mailbox.waiting("letters.dlq") == 2);
        letters.noScript(old);
        letters.noScript(young);

        assertThat(run(() -> redrive.redrive("letters", 10))).isEqualTo(1);

        await().atMost(SOON).until(() -> letters.handled(young).size() == 1);
        await().atMost(SOON).until(() -> mailbox.waiting("letters.dlq") == 1);
        assertThatThrownBy(() -> run(() -> redrive.redrive("letters", 10)))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.code().slug()).isEqualTo("too-old-to-redrive");
                    assertThat(refused.detail()).contains("letters.dlq", "720 hours", "vitrina.queues.remember");
                });
        assertThat(letters.handled(old)).isEmpty();
        // it stays where an operator can look at it
        assertThat(awaitLetters("letters.dlq", 1)).singleElement().satisfies(letter -> assertThat(letter.body())
                .isEqualTo(old));
    }

    @Test
    void erasesAUserFromWhatWaitsIsParkedOrDead() {
        awaitReader();
        int user = ThreadLocalRandom.current().nextInt(1_000_000, Integer.MAX_VALUE);
        String theirs = "{\"user_id\":" + user + ",\"type\":\"t\",\"phone\":\"+7" + user + "\"}";
        String others = "{\"user_id\":" + (user - 1) + ",\"type\":\"t\",\"phone\":\"+7" + user + "\"}";
        for (String letter : List.of(theirs, others)) {
            letters.script(letter, message -> Uni.createFrom().failure(new MessageException("broken")));
            mailbox.send("events", "letter.personal", letter, letter);
        }
        await().atMost(SOON).until(() -> mailbox.waiting("letters.dlq") == 2);
        execute("INSERT INTO parked_message (id, queue, exchange, routing_key, message_id, redriven, body, attempts,"
                + " reason, next_at) VALUES (gen_random_uuid(), 'letters', 'events', 'letter.parked', 'p', FALSE,"
                + " convert_to('" + theirs + "', 'UTF8'), 1, 'test', clock_timestamp() + INTERVAL '1 hour')");
        heldInOutbox("k", theirs);
        // an attempt that fails meanwhile, with what it took before
        execute("CREATE FUNCTION fail_meanwhile() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN"
                + " INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body, held_by, held_until) VALUES"
                + " (gen_random_uuid(), 'events', 'none', 'late', old.body, old.held_by, old.held_until);"
                + " RETURN NULL; END $$; CREATE TRIGGER fail_meanwhile AFTER UPDATE ON outbox FOR EACH ROW"
                + " WHEN (old.ordering_key = 'k') EXECUTE FUNCTION fail_meanwhile()");

        int changed;
        try {
            changed = run(() -> erasure.erase(user, Instant.now(), Set.of("user_id", "type"), List.of("letters")));
        } finally {
            execute("DROP TRIGGER fail_meanwhile ON outbox; DROP FUNCTION fail_meanwhile()");
        }

        assertThat(changed).isEqualTo(4);
        String rest = "{\"user_id\":" + user + ",\"type\":\"t\"}";
        // the dead letter is taken up again, without what was personal
        await().atMost(SOON).until(() -> letters.handled(rest).size() == 1);
        String has = "strpos(convert_from(body, 'UTF8'), '+7" + user + "') > 0";
        assertThat(number("SELECT count(*) FROM parked_message WHERE " + has)).isZero();
        assertThat(number("SELECT count(*) FROM outbox WHERE " + has)).isZero();
        assertThat(awaitLetters("letters.dlq", 1)).singleElement().satisfies(letter -> assertThat(letter.body())
                .isEqualTo(others));
        execute("DELETE FROM parked_message WHERE routing_key = 'letter.parked'");
        execute("DELETE FROM outbox WHERE ordering_key IN ('k', 'late')");
    }

    @Test
    void leavesWhatAUserDidAfterTheErasure() {
        int user = ThreadLocalRandom.current().nextInt(1_000_000, Integer.MAX_VALUE);
        Instant erased = Instant.now();
        String before = "{\"user_id\":" + user + ",\"phone\":\"+7" + user + "\",\"occurred_at\":\"" + erased + "\"}";
        String after = before.replace(
                erased.toString(), erased.plus(Duration.ofMillis(1)).toString());
        heldInOutbox("before", before);
        heldInOutbox("after", after);

        int changed = run(() -> erasure.erase(user, erased, Set.of("user_id"), List.of()));

        assertThat(changed).isEqualTo(1);
        String has = "strpos(convert_from(body, 'UTF8'), '+7" + user + "') > 0";
        assertThat(number("SELECT count(*) FROM outbox WHERE ordering_key = 'after' AND " + has))
                .isEqualTo(1);
        assertThat(number("SELECT count(*) FROM outbox WHERE ordering_key = 'before' AND " + has))
                .isZero();
        execute("DELETE FROM outbox WHERE ordering_key IN ('before', 'after')");
    }

    /** However many there are that stay: none of the others is lost behind them, and the stack does not grow. */
    @Test
    void findsADeadLetterBehindThousandsThatStay() {
        awaitReader();
        int user = ThreadLocalRandom.current().nextInt(1_000_000, Integer.MAX_VALUE);
        byte[] old = ("of " + Instant.now().minus(Duration.ofDays(31))).getBytes(StandardCharsets.UTF_8);
        String young = "of " + Instant.now().minus(Duration.ofDays(1));
        mailbox.send("", "letters.dlq", null, old, 1_200);
        mailbox.send("", "letters.dlq", "young", young);
        mailbox.send("", "letters.dlq", null, old, 3_800);
        mailbox.send("", "letters.dlq", "theirs", "{\"user_id\":" + user + ",\"phone\":\"+7\"}");

        assertThat(run(() -> erasure.erase(user, Instant.now(), Set.of("user_id"), List.of("letters"))))
                .isEqualTo(1);

        await().atMost(SOON)
                .until(() -> letters.handled("{\"user_id\":" + user + "}").size() == 1);
        await().atMost(SOON).until(() -> mailbox.waiting("letters.dlq") == 5_001);

        assertThat(run(() -> redrive.redrive("letters", 1))).isEqualTo(1);

        await().atMost(SOON).until(() -> letters.handled(young).size() == 1);
        await().atMost(SOON).until(() -> mailbox.waiting("letters.dlq") == 5_000);
        mailbox.take("letters.dlq");
    }

    /** As if a relay was just sending it. */
    private static void heldInOutbox(String key, String json) {
        execute("INSERT INTO outbox (event_id, exchange, routing_key, ordering_key, body, held_by, held_until) VALUES"
                + " (gen_random_uuid(), 'events', 'none', '" + key + "', convert_to('" + json + "', 'UTF8'),"
                + " gen_random_uuid(), clock_timestamp() + INTERVAL '1 hour')");
    }
}

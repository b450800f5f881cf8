package org.vitrina.stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.vitrina.amqp.DeadLetterHeaders;
import org.vitrina.amqp.SideChannel;
import org.vitrina.amqp.Topology;
import org.vitrina.core.Deadline;
import org.vitrina.runtime.GrowingPause;

/** Two connections and what goes over them, from their opening until something goes wrong or they have their age. */
final class StreamSession {
    private static final Logger LOG = Logger.getLogger(StreamReader.class);
    private static final BasicProperties PERSISTENT = new BasicProperties.Builder()
            .contentType("application/json")
            .deliveryMode(2)
            .build();

    private final StreamReader reader;
    private final StreamHandler handler;
    private final String queue;
    private final Topology topology;
    private final StreamConfig config;
    private final GrowingPause handlePause;
    private final StreamMeters meters;
    private final Channel reading;
    private final SideChannel side;
    private final Channel sending;
    private final Replies replies;
    private final Deque<Delivery> arrived = new ArrayDeque<>();
    private final Deque<UnderWay> unacknowledged = new ArrayDeque<>();
    private final TreeMap<Long, UnderWay> unconfirmed = new TreeMap<>();
    private final Deadline age;
    private Deadline check = Deadline.in(Duration.ZERO);
    private String consumer = "";
    /** Nothing more comes; once everything is settled, another session follows. */
    private boolean leaving;

    private boolean busy;
    /** So many of the next messages are handled one by one, as they failed together. */
    private int oneByOne;

    StreamSession(StreamReader reader, Channel reading, Channel sending, Deadline age) {
        this.reader = reader;
        this.handler = reader.handler;
        this.queue = reader.queue;
        this.topology = reader.topology;
        this.config = reader.config;
        this.handlePause = reader.handlePause;
        this.meters = reader.meters;
        this.reading = reading;
        this.side = new SideChannel(reading.getConnection());
        this.sending = sending;
        this.replies = new Replies(sending.getConnection(), meters);
        this.age = age;
    }

    private boolean isOver() {
        return reader.isOver(this);
    }

    private void onThread(Runnable work) {
        reader.onThread(work);
    }

    private void fail(Throwable why) {
        reader.broken(this, why);
    }

    /** Again and again: of a fan-out one queue may be gone, and what is sent is taken by the other all the same. */
    private boolean declare() throws IOException {
        check = Deadline.in(reader.checkInterval);
        boolean there = topology.declareForConsumer(side, queue);
        for (FanOutExchange exchange : handler.exchanges()) {
            there &= topology.declareFanOut(side, exchange.exchange(), exchange.queues());
        }
        return there;
    }

    void begin() throws IOException {
        if (!declare()) {
            LOG.warnf("Queue %s, or what is sent because of it, cannot be declared as it should be", queue);
        }
        sending.confirmSelect();
        sending.addConfirmListener(
                (number, all) -> onThread(() -> confirmed(number, all)),
                (number, all) -> onThread(() -> fail(new IOException("the broker refused an answer"))));
        // comes before its confirm
        sending.addReturnListener(lost -> onThread(
                () -> fail(new IOException("no queue took an answer for exchange '" + lost.getExchange() + "'"))));
        sending.addShutdownListener(this::closed);
        reading.addShutdownListener(this::closed);
        reading.basicQos(config.prefetch());
        consumer = reading.basicConsume(
                topology.named(queue),
                false,
                (tag, delivery) -> onThread(() -> arrived(delivery)),
                // the queue was deleted
                tag -> onThread(() -> fail(new IOException("the queue is gone"))));
    }

    private void closed(ShutdownSignalException why) {
        onThread(() -> fail(why));
    }

    private void arrived(Delivery delivery) {
        if (isOver()) {
            return;
        }
        arrived.add(delivery);
        meters.underWay.incrementAndGet();
        if (!busy) {
            busy = true;
            // what has arrived meanwhile is taken along
            onThread(this::next);
        }
    }

    private void next() {
        if (isOver()) {
            return;
        }
        int most = oneByOne > 0 ? 1 : config.batch();
        List<Delivery> batch = new ArrayList<>(Math.min(most, arrived.size()));
        while (batch.size() < most && !arrived.isEmpty()) {
            batch.add(arrived.remove());
        }
        if (batch.isEmpty()) {
            busy = false;
            renewWhenSettled();
            return;
        }
        oneByOne = Math.max(0, oneByOne - 1);
        handle(batch);
    }

    private void handle(List<Delivery> batch) {
        if (isOver()) {
            return;
        }
        long largest = config.largestMessage().asLongValue();
        List<StreamMessage> messages = new ArrayList<>(batch.size());
        for (Delivery delivery : batch) {
            if (delivery.getBody().length <= largest) {
                BasicProperties properties = delivery.getProperties();
                messages.add(
                        new StreamMessage(delivery.getBody(), properties.getReplyTo(), properties.getCorrelationId()));
            }
        }
        Uni<BatchResult> work;
        try {
            work = handler.handle(messages);
        } catch (RuntimeException e) {
            work = Uni.createFrom().failure(e);
        }
        var unused = work.subscribe()
                .with(done -> onThread(() -> settle(batch, done)), failure -> onThread(() -> failed(batch, failure)));
    }

    private void failed(List<Delivery> batch, Throwable failure) {
        if (isOver()) {
            return;
        }
        if (reader.notNow.test(failure)) {
            if (handlePause.isFresh()) {
                LOG.warnf("Messages of queue %s wait: %s", queue, failure);
            }
            reader.after(handlePause.next(), () -> handle(batch));
        } else if (batch.size() == 1) {
            LOG.warnf("A message of queue %s is a dead letter: %s", queue, failure);
            settle(batch, BatchResult.with(List.of(new MessageOutcome.Dead(failure.toString()))));
        } else {
            for (int i = batch.size() - 1; i >= 0; i--) {
                arrived.addFirst(batch.get(i));
            }
            oneByOne = batch.size();
            next();
        }
    }

    private void settle(List<Delivery> batch, BatchResult done) {
        if (isOver()) {
            return;
        }
        if (!handlePause.isFresh()) {
            handlePause.reset();
        }
        try {
            int position = 0;
            for (Delivery delivery : batch) {
                boolean tooLarge =
                        delivery.getBody().length > config.largestMessage().asLongValue();
                MessageOutcome outcome = tooLarge
                        ? new MessageOutcome.Dead(
                                "larger than " + config.largestMessage().asLongValue() + " bytes")
                        : done.outcomes().get(position++);
                settle(delivery, outcome);
            }
            afterwards(done);
            acknowledge();
        } catch (IOException | RuntimeException e) {
            fail(e);
            return;
        }
        next();
    }

    private void afterwards(BatchResult done) {
        try {
            done.afterwards().run();
        } catch (RuntimeException e) {
            LOG.errorf(e, "What follows on a batch of queue %s failed", queue);
        }
    }

    private void settle(Delivery delivery, MessageOutcome outcome) throws IOException {
        var message = new UnderWay(delivery.getEnvelope().getDeliveryTag());
        unacknowledged.add(message);
        switch (outcome) {
            case MessageOutcome.Done done -> {
                message.settled = true;
                meters.handled.increment();
            }
            case MessageOutcome.Send send -> {
                unconfirmed.put(sending.getNextPublishSeqNo(), message);
                sending.basicPublish(topology.named(send.exchange()), "", true, PERSISTENT, send.body());
                meters.sent.increment();
                if (send.reply() != null) {
                    replies.send(send.reply(), send.body());
                }
            }
            case MessageOutcome.Dead letter -> {
                unconfirmed.put(sending.getNextPublishSeqNo(), message);
                String deadLetters = Topology.deadLetters(queue);
                sending.basicPublish(
                        topology.named(Topology.inlet(deadLetters)),
                        topology.named(deadLetters),
                        true,
                        deadLetter(delivery, letter.reason()),
                        DeadLetterHeaders.cut(delivery.getBody()));
                meters.dead.increment();
            }
        }
    }

    private BasicProperties deadLetter(Delivery delivery, String reason) {
        Map<String, Object> headers = new HashMap<>();
        headers.put(DeadLetterHeaders.REASON, DeadLetterHeaders.shortened(reason));
        headers.put(DeadLetterHeaders.QUEUE, queue);
        headers.put(DeadLetterHeaders.ATTEMPTS, 1);
        headers.put(DeadLetterHeaders.EXCHANGE, delivery.getEnvelope().getExchange());
        headers.put(DeadLetterHeaders.ROUTING_KEY, delivery.getEnvelope().getRoutingKey());
        int size = delivery.getBody().length;
        if (DeadLetterHeaders.cut(delivery.getBody()).length < size) {
            headers.put(DeadLetterHeaders.SIZE, size);
        }
        String id = delivery.getProperties().getMessageId();
        if (id != null) {
            headers.put(DeadLetterHeaders.MESSAGE_ID, id);
        }
        return PERSISTENT.builder().headers(headers).messageId(id).build();
    }

    private void confirmed(long number, boolean all) {
        if (isOver()) {
            return;
        }
        if (all) {
            var confirmed = unconfirmed.headMap(number, true);
            confirmed.values().forEach(message -> message.settled = true);
            confirmed.clear();
        } else {
            UnderWay message = unconfirmed.remove(number);
            if (message != null) {
                message.settled = true;
            }
        }
        try {
            acknowledge();
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /** All up to the first that is not settled, by one acknowledgement. */
    private void acknowledge() throws IOException {
        long tag = 0;
        int count = 0;
        while (!unacknowledged.isEmpty() && unacknowledged.getFirst().settled) {
            tag = unacknowledged.remove().tag;
            count++;
        }
        if (count > 0) {
            reading.basicAck(tag, true);
            meters.underWay.addAndGet(-count);
        }
        renewWhenSettled();
    }

    private void renewWhenSettled() {
        if (leaving && !busy && arrived.isEmpty() && unacknowledged.isEmpty()) {
            reader.renew(this);
        }
    }

    void look(boolean count) {
        try {
            var oldest = unconfirmed.firstEntry();
            if (oldest != null
                    && System.nanoTime() - oldest.getValue().sinceNanos
                            > config.confirmTimeout().toNanos()) {
                throw new IOException("the broker has not confirmed an answer in time");
            }
            if (!leaving && age.passed()) {
                leaving = true;
                reading.basicCancel(consumer);
            }
            if (check.passed()) {
                declare();
            }
            // after whatever was delivered before the cancellation
            onThread(this::renewWhenSettled);
            if (count) {
                meters.lag.set(reading.messageCount(topology.named(queue)));
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /** A message between its delivery and its acknowledgement. */
    private static final class UnderWay {
        private final long tag;
        private final long sinceNanos = System.nanoTime();
        private boolean settled;

        UnderWay(long tag) {
            this.tag = tag;
        }
    }
}

package org.vitrina.stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.amqp.BrokerConfig;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.amqp.DeadLetterHeaders;
import org.vitrina.runtime.GrowingPause;

/**
 * Reads one queue in batches. A message is acknowledged when the broker has confirmed what was sent because of it; confirms
 * are not waited for but counted, so that many messages are on their way at once, never more than the prefetch.
 *
 * <p>Everything happens on one thread of its own, which may block: a broker that takes nothing more holds it up, and with it
 * the reading. Whatever goes wrong with the connections ends both, and what was not acknowledged comes again.
 */
final class StreamReader {
    private static final Logger LOG = Logger.getLogger(StreamReader.class);
    private static final int ABORT_MILLIS = 200;
    private static final int TICKS_A_LOOK = 5;
    private static final BasicProperties PERSISTENT = new BasicProperties.Builder()
            .contentType("application/json")
            .deliveryMode(2)
            .build();

    private final StreamHandler handler;
    private final Predicate<Throwable> notNow;
    private final String queue;
    private final BrokerConnections connections;
    private final StreamNames names;
    private final StreamConfig config;
    private final long confirmNanos;
    private final GrowingPause connectPause;
    private final GrowingPause handlePause;
    private final ScheduledExecutorService thread;
    private final Counter handled;
    private final Counter sent;
    private final Counter dead;
    private final AtomicLong lag = new AtomicLong();
    private final AtomicLong underWay = new AtomicLong();
    private volatile boolean stopped;
    private volatile @Nullable Connection incoming;
    private volatile @Nullable Connection outgoing;
    private @Nullable Session session;

    StreamReader(
            StreamHandler handler,
            Predicate<Throwable> notNow,
            BrokerConnections connections,
            StreamNames names,
            StreamConfig config,
            BrokerConfig broker,
            MeterRegistry registry) {
        this.handler = handler;
        this.notNow = notNow;
        this.queue = handler.queue();
        this.connections = connections;
        this.names = names;
        this.config = config;
        this.confirmNanos = config.confirmTimeout().toNanos();
        this.connectPause = new GrowingPause(broker.longestPause());
        this.handlePause = new GrowingPause(broker.longestPause());
        this.thread = Executors.newSingleThreadScheduledExecutor(work ->
                Thread.ofPlatform().daemon().name("vitrina-stream-" + queue).unstarted(work));
        this.handled = counter(registry, "handled");
        this.sent = counter(registry, "sent");
        this.dead = counter(registry, "dead");
        Gauge.builder("vitrina.stream.lag", lag, AtomicLong::doubleValue)
                .description("Messages that wait in the queue, those given to a process not counted")
                .tag("queue", queue)
                .register(registry);
        Gauge.builder("vitrina.stream.under.way", underWay, AtomicLong::doubleValue)
                .description("Messages in this process that are not acknowledged yet")
                .tag("queue", queue)
                .register(registry);
    }

    private Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("vitrina.stream.messages")
                .description("Messages by what became of them")
                .tag("queue", queue)
                .tag("outcome", outcome)
                .register(registry);
    }

    void start() {
        onThread(this::connect);
        var unused = thread.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** What is under way and not acknowledged yet comes again, to another process or the next one. */
    void stop() {
        stopped = true;
        thread.shutdownNow();
        abort(incoming);
        abort(outgoing);
    }

    private void onThread(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debugf("queue %s is not read any more", queue);
        }
    }

    private void after(long millis, Runnable work) {
        try {
            var unused = thread.schedule(work, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debugf("queue %s is not read any more", queue);
        }
    }

    private static void abort(@Nullable Connection connection) {
        if (connection != null) {
            connection.abort(ABORT_MILLIS);
        }
    }

    private void connect() {
        if (stopped) {
            return;
        }
        try {
            Connection reading = connections.open("stream " + queue);
            incoming = reading;
            Connection sending = connections.open("answers of " + queue);
            outgoing = sending;
            Session opened = new Session(channelOf(reading), channelOf(sending));
            session = opened;
            opened.begin();
            if (!connectPause.isFresh()) {
                LOG.infof("Queue %s is being read again", queue);
                connectPause.reset();
            }
        } catch (IOException | TimeoutException | RuntimeException e) {
            broken(session, e);
        }
    }

    private static Channel channelOf(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("the broker allows no further channel");
        }
        return channel;
    }

    /** Ends the session and makes a new one after a pause; what is told by an earlier one counts no more. */
    private void broken(@Nullable Session which, Throwable why) {
        if (stopped || which != session) {
            return;
        }
        session = null;
        underWay.set(0);
        if (connectPause.isFresh()) {
            LOG.warnf("Queue %s cannot be read at the moment: %s", queue, why);
        }
        abort(incoming);
        abort(outgoing);
        after(connectPause.next(), this::connect);
    }

    private int ticks;

    private void tick() {
        Session open = session;
        if (open != null) {
            ticks++;
            open.look(ticks % TICKS_A_LOOK == 0);
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

    /** Two connections and what goes over them, from their opening until something goes wrong. */
    private final class Session {
        private final Channel reading;
        private final Channel sending;
        private final Deque<Delivery> arrived = new ArrayDeque<>();
        private final Deque<UnderWay> unacknowledged = new ArrayDeque<>();
        private final TreeMap<Long, UnderWay> unconfirmed = new TreeMap<>();
        private boolean busy;
        /** So many of the next messages are handled one by one, as they failed together. */
        private int oneByOne;

        Session(Channel reading, Channel sending) {
            this.reading = reading;
            this.sending = sending;
        }

        private boolean isOver() {
            return stopped || session != this;
        }

        private void fail(Throwable why) {
            broken(this, why);
        }

        void begin() throws IOException {
            names.declareQueue(reading, queue);
            names.declareQueue(reading, StreamNames.deadLetters(queue));
            for (FanOutExchange exchange : handler.exchanges()) {
                names.declare(reading, exchange);
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
            reading.basicConsume(
                    names.named(queue),
                    false,
                    (tag, delivery) -> onThread(() -> arrived(delivery)),
                    // somebody deleted the queue
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
            underWay.incrementAndGet();
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
                    messages.add(new StreamMessage(delivery.getBody()));
                }
            }
            Uni<BatchResult> work;
            try {
                work = handler.handle(messages);
            } catch (RuntimeException e) {
                work = Uni.createFrom().failure(e);
            }
            var unused = work.subscribe()
                    .with(
                            done -> onThread(() -> settle(batch, done)),
                            failure -> onThread(() -> failed(batch, failure)));
        }

        private void failed(List<Delivery> batch, Throwable failure) {
            if (isOver()) {
                return;
            }
            if (notNow.test(failure)) {
                if (handlePause.isFresh()) {
                    LOG.warnf("Messages of queue %s wait: %s", queue, failure);
                }
                after(handlePause.next(), () -> handle(batch));
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
                    handled.increment();
                }
                case MessageOutcome.Send send -> {
                    unconfirmed.put(sending.getNextPublishSeqNo(), message);
                    sending.basicPublish(names.named(send.exchange()), "", true, PERSISTENT, send.body());
                    sent.increment();
                }
                case MessageOutcome.Dead letter -> {
                    unconfirmed.put(sending.getNextPublishSeqNo(), message);
                    sending.basicPublish(
                            "",
                            names.named(StreamNames.deadLetters(queue)),
                            true,
                            deadLetter(delivery, letter.reason()),
                            delivery.getBody());
                    dead.increment();
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
                underWay.addAndGet(-count);
            }
        }

        void look(boolean count) {
            try {
                var oldest = unconfirmed.firstEntry();
                if (oldest != null && System.nanoTime() - oldest.getValue().sinceNanos > confirmNanos) {
                    throw new IOException("the broker has not confirmed an answer in time");
                }
                if (count) {
                    lag.set(reading.messageCount(names.named(queue)));
                }
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }
    }
}

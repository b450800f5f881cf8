package org.vitrina.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.amqp.BrokerConfig;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.amqp.SideChannel;
import org.vitrina.amqp.Topology;
import org.vitrina.core.Deadline;
import org.vitrina.runtime.GrowingPause;
import org.vitrina.runtime.trace.Traceparent;

/**
 * Consumes one queue: connects, again and again while the broker is away and whenever a connection has its age, gives each
 * message to the handler and acknowledges it, over the channel that it came from, when it has been acted on or is safe in
 * the service's own table.
 */
final class QueueReader {
    private static final Logger LOG = Logger.getLogger(QueueReader.class);

    /** What is still under way then comes again over the next connection. */
    private static final Duration LONGEST_SETTLING = Duration.ofSeconds(30);

    private static final long SETTLING_LOOK_MILLIS = 20;

    private final QueueHandler handler;
    private final String queue;
    private final BrokerConnections connections;
    private final Topology topology;
    private final ParkedRepository parked;
    private final MessageAttempt handling;
    private final MessagingCrashPoints points;
    private final QueuesConfig config;
    private final BrokerConfig broker;
    private final Thread thread;
    // writing to a socket may block, which no event loop may
    private final ExecutorService acknowledgements;
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile @Nullable Connection connection;

    QueueReader(
            QueueHandler handler,
            BrokerConnections connections,
            Topology topology,
            ParkedRepository parked,
            MessageAttempt handling,
            MessagingCrashPoints points,
            QueuesConfig config,
            BrokerConfig broker) {
        this.handler = handler;
        this.queue = handler.queue();
        this.connections = connections;
        this.topology = topology;
        this.parked = parked;
        this.handling = handling;
        this.points = points;
        this.config = config;
        this.broker = broker;
        this.thread =
                Thread.ofPlatform().daemon().name("vitrina-queue-" + queue).unstarted(this::run);
        this.acknowledgements = Executors.newSingleThreadExecutor(work ->
                Thread.ofPlatform().daemon().name("vitrina-ack-" + queue).unstarted(work));
    }

    void start() {
        thread.start();
    }

    /** What is under way and not acknowledged yet comes again, to another process or the next one. */
    void stop() {
        end.countDown();
        thread.interrupt();
        acknowledgements.shutdown();
    }

    private boolean stopped() {
        return end.getCount() == 0;
    }

    private void run() {
        var pause = new GrowingPause(broker.longestPause());
        while (!stopped()) {
            try {
                if (consume(pause)) {
                    continue;
                }
            } catch (IOException | TimeoutException | RuntimeException e) {
                if (!stopped() && pause.isFresh()) {
                    LOG.warnf("Queue %s cannot be read at the moment: %s", queue, e);
                }
            } catch (InterruptedException e) {
                // asked to stop
            } finally {
                close();
            }
            try {
                if (end.await(pause.next(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                // looked at above
            }
        }
    }

    /** True where the connection only had its age. */
    private boolean consume(GrowingPause pause) throws IOException, TimeoutException, InterruptedException {
        Connection opened = connections.open("queue " + queue);
        connection = opened;
        Channel channel = BrokerConnections.channel(opened);
        var closed = new CountDownLatch(1);
        channel.addShutdownListener(cause -> closed.countDown());
        channel.basicQos(config.prefetch());
        var side = new SideChannel(opened);
        if (!topology.declareForConsumer(side, queue)) {
            LOG.warnf("Queue %s, its bindings or its dead letters' queue cannot be declared as they should be", queue);
        }
        var underWay = new AtomicInteger();
        var consumer = new Consumer(channel, underWay, closed);
        String tag = channel.basicConsume(topology.named(queue), false, consumer);
        if (!pause.isFresh()) {
            LOG.infof("Queue %s is being read again", queue);
            pause.reset();
        }
        Deadline age = connections.age();
        while (!age.passed()) {
            long untilCheck = age.within(connections.checkInterval()).remainingMillis();
            if (closed.await(untilCheck, TimeUnit.MILLISECONDS)) {
                return false;
            }
            // a binding may be gone, which nobody tells
            topology.declareForConsumer(side, queue);
        }
        // no more over this connection; what has come is acknowledged over it
        channel.basicCancel(tag);
        Deadline settled = Deadline.in(LONGEST_SETTLING);
        // what the broker sent before it heard of that may still wait for its turn here, and is counted only then
        while ((consumer.mayHaveMore() || underWay.get() > 0) && !settled.passed()) {
            if (closed.await(SETTLING_LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    /** Takes what comes over one channel, in the order in which the broker sent it, the end of it too. */
    private final class Consumer extends DefaultConsumer {
        private final AtomicInteger underWay;
        private final CountDownLatch closed;
        private volatile boolean cancelled;

        Consumer(Channel channel, AtomicInteger underWay, CountDownLatch closed) {
            super(channel);
            this.underWay = underWay;
            this.closed = closed;
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
            underWay.incrementAndGet();
            delivered(getChannel(), new Delivery(envelope, properties, body), underWay::decrementAndGet);
        }

        /** The queue was deleted. */
        @Override
        public void handleCancel(String tag) {
            closed.countDown();
        }

        @Override
        public void handleCancelOk(String tag) {
            cancelled = true;
        }

        boolean mayHaveMore() {
            return !cancelled;
        }
    }

    private void close() {
        BrokerConnections.abort(connection);
        connection = null;
    }

    private void delivered(Channel channel, Delivery delivery, Runnable ended) {
        String messageId = delivery.getProperties().getMessageId();
        var message = new QueueMessage(
                queue,
                plain(text(delivery.getEnvelope().getExchange())),
                text(delivery.getEnvelope().getRoutingKey()),
                messageId == null ? null : text(messageId),
                Buffer.buffer(delivery.getBody()),
                false,
                traceparent(delivery.getProperties().getHeaders()));
        boolean again = delivery.getEnvelope().isRedeliver();
        var unused = settle(channel, message, again, new GrowingPause(broker.longestPause()))
                .subscribe()
                .with(settled -> acknowledge(channel, delivery.getEnvelope().getDeliveryTag(), ended), gone -> {
                    ended.run();
                    // the channel is closed, and the message comes again
                    LOG.debugf(gone, "a message of queue %s is left to its redelivery", queue);
                });
    }

    private static @Nullable String traceparent(@Nullable Map<String, Object> headers) {
        Object carried = headers == null ? null : headers.get(QueueMessage.TRACEPARENT);
        return carried == null ? null : Traceparent.checked(carried.toString());
    }

    /** AMQP's names may have any byte in them, PostgreSQL's texts no zero. */
    private static String text(String name) {
        return name.replace('\0', ' ');
    }

    private String plain(String exchange) {
        String prefix = broker.prefix().orElse("");
        return exchange.startsWith(prefix) ? exchange.substring(prefix.length()) : exchange;
    }

    /**
     * Completes when the message may be acknowledged; fails when that cannot be any more.
     *
     * @param again whether it was delivered before, perhaps to a process that it ended: the broker does not count that, so
     *     it is kept where attempts are counted before they are made
     */
    private Uni<Void> settle(Channel channel, QueueMessage message, boolean again, GrowingPause pause) {
        Uni<Void> settled = again
                ? keep(message, ParkedRepository.NO_END, Duration.ZERO)
                : handling.attempt(handler, message)
                        .onFailure(failure -> !handling.isNotNow(failure))
                        .recoverWithUni(failure -> park(message, failure));
        // neither acted on nor kept: it stays under way
        return settled.onFailure()
                .recoverWithUni(notNow -> !channel.isOpen() || stopped()
                        ? Uni.createFrom().failure(notNow)
                        : handling.pause(pause.next()).chain(() -> settle(channel, message, again, pause)));
    }

    private Uni<Void> park(QueueMessage message, Throwable failure) {
        handling.parked(message, 1, failure);
        return keep(message, MessageAttempt.reason(failure), config.firstPause());
    }

    private Uni<Void> keep(QueueMessage message, String reason, Duration pause) {
        return handling.onContextOfItsOwn(() -> parked.park(message, 1, reason, pause.toMillis()))
                .invoke(points::afterParking);
    }

    private void acknowledge(Channel channel, long tag, Runnable ended) {
        if (stopped()) {
            return;
        }
        acknowledgements.execute(() -> {
            try {
                points.beforeAcknowledgement();
                channel.basicAck(tag, false);
                points.afterAcknowledgement();
            } catch (IOException | AlreadyClosedException e) {
                LOG.debugf(e, "a message of queue %s comes again", queue);
            } finally {
                ended.run();
            }
        });
    }
}

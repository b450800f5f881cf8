package org.vitrina.stream;

import com.rabbitmq.client.Connection;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.amqp.BrokerConfig;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.amqp.Topology;
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
    private static final int TICKS_A_LOOK = 5;

    final StreamHandler handler;
    final Predicate<Throwable> notNow;
    final String queue;
    private final BrokerConnections connections;
    final Topology topology;
    final StreamConfig config;
    final Duration checkInterval;
    private final GrowingPause connectPause;
    final GrowingPause handlePause;
    private final ScheduledExecutorService thread;
    final StreamMeters meters;
    private volatile boolean stopped;
    private volatile @Nullable Connection incoming;
    private volatile @Nullable Connection outgoing;
    private @Nullable StreamSession session;

    StreamReader(
            StreamHandler handler,
            Predicate<Throwable> notNow,
            BrokerConnections connections,
            Topology topology,
            StreamConfig config,
            BrokerConfig broker,
            MeterRegistry registry) {
        this.handler = handler;
        this.notNow = notNow;
        this.queue = handler.queue();
        this.connections = connections;
        this.topology = topology;
        this.config = config;
        this.checkInterval = connections.checkInterval();
        this.connectPause = new GrowingPause(broker.longestPause());
        this.handlePause = new GrowingPause(broker.longestPause());
        this.thread = Executors.newSingleThreadScheduledExecutor(work ->
                Thread.ofPlatform().daemon().name("vitrina-stream-" + queue).unstarted(work));
        this.meters = new StreamMeters(registry, queue);
    }

    void start() {
        onThread(this::connect);
        var unused = thread.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** What is under way and not acknowledged yet comes again, to another process or the next one. */
    void stop() {
        stopped = true;
        thread.shutdownNow();
        BrokerConnections.abort(incoming);
        BrokerConnections.abort(outgoing);
    }

    void onThread(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debugf("queue %s is not read any more", queue);
        }
    }

    void after(long millis, Runnable work) {
        try {
            var unused = thread.schedule(work, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debugf("queue %s is not read any more", queue);
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
            StreamSession opened = new StreamSession(
                    this, BrokerConnections.channel(reading), BrokerConnections.channel(sending), connections.age());
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

    boolean isOver(StreamSession which) {
        return stopped || session != which;
    }

    /** Ends the session and makes a new one after a pause; what is told by an earlier one counts no more. */
    void broken(@Nullable StreamSession which, Throwable why) {
        if (stopped || which != session) {
            return;
        }
        if (connectPause.isFresh()) {
            LOG.warnf("Queue %s cannot be read at the moment: %s", queue, why);
        }
        end();
        after(connectPause.next(), this::connect);
    }

    /** The session has settled all that came to it; another follows at once, over new connections. */
    void renew(StreamSession which) {
        if (!isOver(which)) {
            end();
            connect();
        }
    }

    private void end() {
        session = null;
        meters.underWay.set(0);
        BrokerConnections.abort(incoming);
        BrokerConnections.abort(outgoing);
    }

    private int ticks;

    private void tick() {
        StreamSession open = session;
        if (open != null) {
            ticks++;
            open.look(ticks % TICKS_A_LOOK == 0);
        }
    }
}

package org.vitrina.messaging;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.vitrina.amqp.BrokerConfig;
import org.vitrina.amqp.BrokerConnections;
import org.vitrina.amqp.Topology;
import org.vitrina.servers.BrokerServer;
import org.vitrina.servers.PostgresServer;
import org.vitrina.testing.Mailbox;

/** What the tests of messaging have at hand, do and look at. */
@SuppressWarnings("NullAway.Init") // set by the test resources and by Quarkus
abstract class MessagingFixture {
    static final Duration SOON = Duration.ofSeconds(30);
    static final String DATABASE = "messaging";

    static {
        // most of what is awaited here is there within milliseconds, and each test awaits several things
        Awaitility.setDefaultPollInterval(
                (count, before) -> Duration.ofMillis(Math.min(100, 5L << Math.min(count, 5))));
    }

    @Inject
    Notes notes;

    @Inject
    LetterHandler letters;

    @Inject
    Redrive redrive;

    @Inject
    MessageErasure erasure;

    @Inject
    HandledEventPurge forgetting;

    @Inject
    Pool pool;

    @Inject
    BrokerConnections connections;

    @Inject
    Topology topology;

    @Inject
    MessagingCrashPoints points;

    @Inject
    Vertx vertx;

    @Inject
    OutboxConfig outboxConfig;

    @Inject
    ParkedRepository parked;

    @Inject
    MessageAttempt handling;

    @Inject
    QueuesConfig queuesConfig;

    @Inject
    BrokerConfig brokerConfig;

    @Inject
    MeterRegistry registry;

    BrokerServer broker;
    Mailbox mailbox;

    @BeforeEach
    void allIsQuiet() {
        awaitEmptyOutbox();
        mailbox.bind("kept", "events", "kept.*");
        mailbox.take("kept");
    }

    static OutgoingEvent event(String routingKey, String orderingKey, String json) {
        return new OutgoingEvent(UUID.randomUUID(), "events", routingKey, orderingKey, json);
    }

    static <T> T run(Supplier<Uni<T>> work) {
        try {
            return VertxContextSupport.subscribeAndAwait(work);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next so many letters; more is an error of the test's caller. */
    List<Mailbox.Letter> awaitKept(int count) {
        return awaitLetters("kept", count);
    }

    List<Mailbox.Letter> awaitLetters(String queue, int count) {
        List<Mailbox.Letter> all = new ArrayList<>();
        // the queue may not be there yet
        await().atMost(SOON).ignoreExceptions().until(() -> {
            mailbox.take(queue).stream()
                    // a broker that was frozen in another test delivers late what was sent to it before it was given up
                    .filter(letter -> !letter.body().startsWith("frozen "))
                    .forEach(all::add);
            return all.size() >= count;
        });
        return all;
    }

    void awaitReader() {
        mailbox.bind("letters", "events", "letter.*");
        mailbox.bind("letters.dlq", "none", "none");
        await().atMost(SOON).until(() -> mailbox.consumers("letters") > 0);
        mailbox.take("letters.dlq");
    }

    void awaitEmptyOutbox() {
        await().atMost(SOON).until(() -> number("SELECT count(*) FROM outbox") == 0);
    }

    static long number(String query) {
        try (Connection connection = PostgresServer.shared().connect(DATABASE);
                var statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(String sql) {
        try (Connection connection = PostgresServer.shared().connect(DATABASE);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

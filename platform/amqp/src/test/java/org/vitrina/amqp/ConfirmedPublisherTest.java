package org.vitrina.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrina.servers.BrokerServer;
import org.vitrina.servers.BrokerServer.Kind;
import org.vitrina.servers.FreePort;
import org.vitrina.servers.RabbitProgram.User;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.TestCertificate;
import org.vitrina.testing.proxy.TlsFront;

/** What a confirm does not tell: whether the queues have it that must. On each broker that this machine can start. */
@Timeout(120)
class ConfirmedPublisherTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final AtomicInteger TIMES = new AtomicInteger();
    private static final Map<Kind, BrokerServer> SERVERS = new EnumMap<>(Kind.class);
    /** May make no exchange "closed". */
    private static final User RESTRICTED =
            new User("restricted", "guest", "^p[0-9]+[.](?!closed)", "^p[0-9]+[.]", ".*");

    static Stream<Kind> brokers() {
        return Arrays.stream(Kind.values()).filter(BrokerServer::isInstalled);
    }

    static boolean hasRabbit() {
        return BrokerServer.isInstalled(Kind.RABBITMQ);
    }

    @AfterAll
    static void end() {
        SERVERS.values().forEach(BrokerServer::close);
        SERVERS.clear();
    }

    /** A publisher with queues of its own that nobody else declares, and what the broker has of it. */
    private record Given(ConfirmedPublisher publisher, Mailbox mailbox) implements AutoCloseable {
        /** The ids of what was not taken, of these messages. */
        Set<String> send(String exchange, String routingKey, String... ids) {
            return publisher
                    .run(() -> {
                        for (String id : ids) {
                            publish(exchange, routingKey, id);
                        }
                        return publisher.awaitConfirms(SOON.toMillis());
                    })
                    .await()
                    .atMost(SOON);
        }

        /** For the publisher's thread; no exchange: to a queue by its name. */
        void publish(String exchange, String routingKey, String id) throws IOException {
            var properties =
                    new BasicProperties.Builder().messageId(id).deliveryMode(2).build();
            if (exchange.isEmpty()) {
                publisher.toQueue(routingKey, properties, id.getBytes(UTF_8));
            } else {
                publisher.toExchange(exchange, routingKey, properties, id.getBytes(UTF_8));
            }
        }

        List<String> taken(String queue) {
            return mailbox.take(queue).stream().map(Mailbox.Letter::body).toList();
        }

        @Override
        public void close() {
            publisher.close();
        }
    }

    private static BrokerServer server(Kind kind) {
        return SERVERS.computeIfAbsent(kind, chosen -> BrokerServer.start(chosen, List.of(RESTRICTED)));
    }

    private static Given given(Kind kind) {
        return given(kind, "guest");
    }

    private static Given given(Kind kind, String user) {
        return given(kind, user, server(kind).port(), Map.of());
    }

    private static Given given(Kind kind, String user, int port, Map<String, String> settings) {
        BrokerServer server = server(kind);
        String prefix = "p" + TIMES.incrementAndGet() + ".";
        BrokerConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(BrokerConfig.class)
                .withDefaultValues(Map.of(
                        "vitrina.broker.port", Integer.toString(port),
                        "vitrina.broker.username", user,
                        "vitrina.broker.prefix", prefix,
                        // so that nothing is declared between a deletion and what is sent after it
                        "vitrina.broker.check-interval", "10m",
                        "vitrina.broker.queues.mine.exchange", "events",
                        "vitrina.broker.queues.mine.routing-keys", "mine.*",
                        "vitrina.broker.queues.left.exchange", "both",
                        "vitrina.broker.queues.left.exchange-type", "fanout",
                        "vitrina.broker.queues.left.routing-keys", "#",
                        "vitrina.broker.queues.right.exchange", "both"))
                .withDefaultValue("vitrina.broker.queues.right.exchange-type", "fanout")
                .withDefaultValue("vitrina.broker.queues.right.routing-keys", "#")
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(BrokerConfig.class);
        var publisher =
                new ConfirmedPublisher(new BrokerConnections(config, "test"), new Topology(config), "publisher-test");
        return new Given(publisher, new Mailbox(server, prefix));
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void sendsToTheNextNodeWhereOneIsAway(Kind kind) {
        String nodes = "127.0.0.1:" + FreePort.find() + ",127.0.0.1";
        // in any order: in several tries the one that is away was the first
        for (int i = 0; i < 5; i++) {
            try (Given given = given(kind, "guest", server(kind).port(), Map.of("vitrina.broker.host", nodes))) {
                assertThat(given.send("events", "mine.x", "one")).isEmpty();
                assertThat(given.taken("mine")).containsExactly("one");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void sendsEncryptedToABrokerThatItTrusts(Kind kind) {
        String authority = TestCertificate.certificate().toString();
        try (var front = new TlsFront(server(kind).port());
                Given trusted = given(kind, front, Map.of("vitrina.broker.ca-file", authority));
                Given unknown = given(kind, front, Map.of());
                Given misnamed = given(
                        kind, front, Map.of("vitrina.broker.ca-file", authority, "vitrina.broker.host", "127.0.0.2"))) {
            assertThat(trusted.send("events", "mine.x", "one")).isEmpty();
            assertThat(trusted.taken("mine")).containsExactly("one");
            assertThatThrownBy(() -> unknown.send("events", "mine.x", "two"))
                    .hasStackTraceContaining("unable to find valid certification path");
            assertThatThrownBy(() -> misnamed.send("events", "mine.x", "three"))
                    .hasRootCauseInstanceOf(CertificateException.class);
        }
    }

    private static Given given(Kind kind, TlsFront front, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("vitrina.broker.tls", "true");
        return given(kind, "guest", front.port(), all);
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void tellsWhatItsQueueDidNotTakeThoughAnotherDid(Kind kind) {
        try (Given given = given(kind)) {
            given.mailbox().bind("curious", "events", "#");
            assertThat(given.send("events", "mine.x", "before")).isEmpty();
            assertThat(given.taken("mine")).containsExactly("before");
            given.mailbox().delete("mine");

            assertThat(given.send("events", "mine.x", "gone")).containsExactly("gone");
            assertThat(given.taken("curious")).containsExactly("before", "gone");
            await().atMost(SOON)
                    .until(() -> given.send("events", "mine.x", "again").isEmpty());
            assertThat(given.taken("mine")).containsExactly("again");
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void tellsWhatOneOfTheQueuesOfAFanOutDidNotTake(Kind kind) {
        try (Given given = given(kind)) {
            assertThat(given.send("both", "", "before")).isEmpty();
            given.mailbox().delete("right");

            assertThat(given.send("both", "", "one", "two")).containsExactlyInAnyOrder("one", "two");
            assertThat(given.taken("left")).containsExactly("before", "one", "two");
            await().atMost(SOON).until(() -> given.send("both", "", "again").isEmpty());
            assertThat(given.taken("right")).containsExactly("again");
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void whatNobodyMustTakeMayBeTakenByNobody(Kind kind) {
        try (Given given = given(kind)) {
            assertThat(given.send("events", "free", "free")).isEmpty();
        }
    }

    /** Qpid ends the connection of whoever declares a queue that is another's alone. */
    @Test
    @EnabledIf("hasRabbit")
    void holdsBackWhatAQueueCannotTakeAndSendsTheRest() throws IOException {
        try (Given given = given(Kind.RABBITMQ)) {
            given.send("events", "mine.x", "before");
            Connection occupied = given.mailbox().occupy("mine");
            try (occupied) {
                String id = UUID.randomUUID().toString();
                await().atMost(SOON).untilAsserted(() -> {
                    assertThat(given.send("events", "mine.x", id)).containsExactly(id);
                    assertThat(given.send("both", "", "other")).isEmpty();
                    assertThat(given.send("events", "free", "free")).isEmpty();
                });
            }
            await().atMost(SOON)
                    .until(() -> given.send("events", "mine.x", "again").isEmpty());
            assertThat(given.taken("mine")).contains("again");
        }
    }

    @Test
    @EnabledIf("hasRabbit")
    void anExchangeThatCannotBeMadeHoldsUpWhatIsSentThereOnly() {
        try (Given given = given(Kind.RABBITMQ, "restricted")) {
            Set<String> missed = given.publisher()
                    .run(() -> {
                        given.publish("closed", "x", "held");
                        given.publish("events", "mine.x", "sent");
                        given.publish("", "named", "sent too");
                        return given.publisher().awaitConfirms(SOON.toMillis());
                    })
                    .await()
                    .atMost(SOON);

            assertThat(missed).containsExactly("held");
            assertThat(given.taken("mine")).containsExactly("sent");
            assertThat(given.taken("named")).containsExactly("sent too");
        }
    }

    /** As an operator may have made them, or an earlier version: RabbitMQ refuses to declare them otherwise. */
    @Test
    @EnabledIf("hasRabbit")
    void usesQueuesAndExchangesThatWereMadeInAnotherForm() throws IOException, TimeoutException {
        try (Given given = given(Kind.RABBITMQ);
                Connection operator = server(Kind.RABBITMQ).connect()) {
            Channel channel = operator.createChannel();
            for (String queue : List.of("mine", "named")) {
                channel.queueDeclare(
                        given.mailbox().named(queue),
                        true,
                        false,
                        false,
                        Map.of("x-dead-letter-exchange", "elsewhere"));
            }
            channel.exchangeDeclare(given.mailbox().named("events"), "topic", true, true, Map.of());

            assertThat(given.send("events", "mine.x", "by an exchange")).isEmpty();
            assertThat(given.send("", "named", "by its name")).isEmpty();
            assertThat(given.taken("mine")).containsExactly("by an exchange");
            assertThat(given.taken("named")).containsExactly("by its name");
        }
    }

    /** Who may write the default exchange may write every queue: RESTRICTED may not. */
    @Test
    @EnabledIf("hasRabbit")
    void sendsToAQueueByItsNameWithoutTheDefaultExchange() {
        try (Given given = given(Kind.RABBITMQ, "restricted")) {
            assertThat(given.send("", "named", "one", "two")).isEmpty();
            assertThat(given.taken("named")).containsExactly("one", "two");
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void tellsWhatAQueueByItsNameDidNotTake(Kind kind) {
        try (Given given = given(kind)) {
            assertThat(given.send("", "named", "before")).isEmpty();
            given.mailbox().delete("named");

            assertThat(given.send("", "named", "gone")).containsExactly("gone");
            await().atMost(SOON).until(() -> given.send("", "named", "again").isEmpty());
            assertThat(given.taken("named")).containsExactly("again");
        }
    }
}

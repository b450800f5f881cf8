package org.vitrina.launcher.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrina.servers.BrokerServer;
import org.vitrina.servers.BrokerServer.Kind;
import org.vitrina.servers.RabbitProgram.User;

/** What RabbitMQ lets each service's user do, and what not. */
@EnabledIf("isInstalled")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all
class BrokerRightsTest {
    private static final List<ServiceSpec> SERVICES =
            Services.of(Path.of("..").toAbsolutePath().normalize()).all().stream()
                    .filter(ServiceSpec::hasBroker)
                    .toList();
    private static final byte[] BODY = {'1'};

    private BrokerServer broker;
    private final Set<String> queues = new TreeSet<>();
    private final Set<String> exchanges = new TreeSet<>();

    static boolean isInstalled() {
        return BrokerServer.isInstalled(Kind.RABBITMQ);
    }

    static Stream<ServiceSpec> services() {
        return SERVICES.stream();
    }

    @BeforeAll
    void start() throws IOException, TimeoutException {
        List<User> users = new ArrayList<>(List.of(BrokerRights.ofGuest().user("anybody", "anybody")));
        SERVICES.forEach(service -> users.add(BrokerRights.of(service).user(service.name(), "secret")));
        broker = BrokerServer.start(Kind.RABBITMQ, users);
        for (ServiceSpec service : SERVICES) {
            service.sends().forEach(this::known);
            service.reads().forEach((queue, exchange) -> {
                known(queue, exchange);
                known(queue + ".dlq", queue + ".dlq.in");
            });
        }
        known("others", "others.in");
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            for (String queue : queues) {
                channel.queueDeclare(queue, true, false, false, null);
            }
            for (String exchange : exchanges) {
                channel.exchangeDeclare(exchange, "fanout", true);
            }
        }
    }

    private void known(String queue, String exchange) {
        queues.add(queue);
        exchanges.add(exchange);
    }

    @AfterAll
    void end() {
        broker.close();
    }

    private interface Step {
        void over(Channel channel) throws IOException, InterruptedException, TimeoutException;
    }

    private void as(String user, String password, Step step)
            throws IOException, InterruptedException, TimeoutException {
        try (Connection connection = broker.connect(user, password)) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            step.over(channel);
        }
    }

    private boolean may(String user, String password, Step step) {
        Throwable refused = catchThrowable(() -> as(user, password, step));
        if (refused != null) {
            assertThat(refused).hasStackTraceContaining("ACCESS_REFUSED");
        }
        return refused == null;
    }

    private Set<String> writable(String user, String password) {
        Set<String> writable = new TreeSet<>();
        for (String exchange : exchanges) {
            if (may(user, password, channel -> send(channel, exchange, ""))) {
                writable.add(exchange);
            }
        }
        return writable;
    }

    private Set<String> readable(String user, String password) {
        Set<String> readable = new TreeSet<>();
        for (String queue : queues) {
            if (may(user, password, channel -> channel.basicGet(queue, false))) {
                readable.add(queue);
            }
        }
        return readable;
    }

    private static void send(Channel channel, String exchange, String routingKey)
            throws IOException, InterruptedException, TimeoutException {
        channel.basicPublish(exchange, routingKey, MessageProperties.PERSISTENT_BASIC, BODY);
        channel.waitForConfirmsOrDie(30_000);
    }

    /** That each of them can do all it does is shown by the programs themselves, which run as these users. */
    @ParameterizedTest
    @MethodSource("services")
    void sendsByItsOwnExchangesAndReadsItsOwnQueuesOnly(ServiceSpec service) {
        Set<String> sends = new TreeSet<>(service.sends().values());
        Set<String> reads = new TreeSet<>();
        for (String queue : service.reads().keySet()) {
            sends.add(queue + ".dlq.in");
            reads.addAll(Set.of(queue, queue + ".dlq"));
        }
        // a right is one to a name: who binds queues to the exchange y_pred could read the queue y_pred
        Stream.concat(service.sends().values().stream(), service.reads().values().stream())
                .filter(queues::contains)
                .forEach(reads::add);
        if (service.reads().containsKey("y_pred")) {
            sends.add("y_pred");
        }

        assertThat(writable(service.name(), "secret")).isEqualTo(sends);
        assertThat(readable(service.name(), "secret")).isEqualTo(reads);
        for (String queue : queues) {
            assertThat(may(service.name(), "secret", channel -> send(channel, "", queue)))
                    .as("the default exchange leads to every queue")
                    .isEqualTo(service.replies());
        }
        assertThat(may(service.name(), "secret", channel -> channel.queueDeclare("new", true, false, false, null)))
                .isFalse();
        assertThat(may(service.name(), "secret", channel -> channel.queueDelete("others")))
                .isFalse();
        assertThat(may(service.name(), "secret", channel -> channel.queueBind("others", "others.in", "")))
                .isFalse();
    }

    /** As any client of the pipeline does, in any language. */
    @Test
    void anybodyUsesThePipelinesQueuesAndReadsNoOther() throws IOException, InterruptedException, TimeoutException {
        as("anybody", "anybody", channel -> {
            for (String queue : List.of("features", "y_true", "y_pred")) {
                channel.queueDeclare(queue, true, false, false, null);
                channel.queueDeclarePassive(queue);
                channel.queuePurge(queue);
                send(channel, "", queue);
                assertThat(channel.basicGet(queue, true)).isNotNull();
            }
        });

        assertThat(readable("anybody", "anybody")).containsExactly("features", "y_pred", "y_true");
        assertThat(writable("anybody", "anybody")).containsExactly("y_pred");
        assertThat(may("anybody", "anybody", channel -> channel.queueDelete("notifications")))
                .isFalse();
    }

    @Test
    void anybodyTakesAnswersInAQueueOfItsOwn() throws IOException, InterruptedException, TimeoutException {
        for (String name : List.of("", "client.me")) {
            as("anybody", "anybody", channel -> {
                String queue =
                        channel.queueDeclare(name, false, true, true, null).getQueue();
                assertThat(queue).matches(name.isEmpty() ? "amq[.]gen-.+" : name);
                as("model", "secret", replier -> send(replier, "", queue));
                assertThat(channel.basicGet(queue, true)).isNotNull();
            });
        }
        assertThat(may("anybody", "anybody", channel -> channel.queueDeclare("mine", false, true, true, null)))
                .isFalse();
    }

    @Test
    void aPasswordIsAskedFor() {
        assertThatThrownBy(() -> broker.connect("orders", "guess")).hasStackTraceContaining("ACCESS_REFUSED");
    }
}

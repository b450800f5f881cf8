package org.vitrina.e2e.orders;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.vitrina.e2e.orders.OrderStack.Engines;
import org.vitrina.migrations.ChangeSetStatus.State;
import org.vitrina.migrations.Migrations;
import org.vitrina.servers.BrokerServer;

/**
 * The engines of docs/high-availability.md lose the server that everything hangs on, while customers order; then money, stock,
 * orders and messages are added up. With {@code --soak} only; writes docs/failover-proof.md.
 */
@EnabledIfSystemProperty(named = "soak", matches = "true")
class FailoverIT {
    private static final long SEED =
            Long.getLong("seed", ThreadLocalRandom.current().nextLong(1_000_000));
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Duration BACK = Duration.ofSeconds(10);
    private static final int SOME = 150;
    private static final String QUEUE = "notifications";
    private static final List<String> ROWS = new ArrayList<>();

    static boolean hasRabbit() {
        return BrokerServer.isInstalled(BrokerServer.Kind.RABBITMQ);
    }

    @Test
    void thePrimaryIsKilledAndItsReplicaPromoted() throws Exception {
        try (OrderStack stack = stack(Engines.REPLICA)) {
            Traffic traffic = new Traffic(stack, SEED, Duration.ofMillis(120));
            Duration back;
            try (traffic) {
                traffic.begin();
                awaitOrders(traffic, System.nanoTime());
                stack.postgres().kill();
                stack.promoteReplica();
                long promoted = System.nanoTime();
                await("orders after the promotion")
                        .atMost(LONG)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> traffic.records().promisedSince(promoted) > 0
                                && stack.programs().stream().allMatch(Program::isReady));
                back = Duration.ofNanos(System.nanoTime() - promoted);
                awaitOrders(traffic, System.nanoTime());
            }
            reconcile(stack, traffic);
            assertThat(Migrations.of(stack.database("orders"), OrderStack.changeLog("orders"))
                            .status())
                    .as("migrations find the primary too")
                    .isNotEmpty()
                    .allMatch(changeSet -> changeSet.state() == State.APPLIED);
            row("PostgreSQL's primary is killed, its replica promoted", traffic, back);
            assertThat(back).isLessThan(BACK);
        }
    }

    @Test
    @EnabledIf("hasRabbit")
    void aNodeOfTheBrokerIsKilledAndThenTheQueuesLeader() throws Exception {
        try (OrderStack stack = stack(Engines.NODES)) {
            Traffic traffic = new Traffic(stack, SEED, Duration.ofMillis(120));
            try (traffic) {
                traffic.begin();
                awaitOrders(traffic, System.nanoTime());
                assertThat(stack.broker().control("list_queues", "--no-table-headers", "name", "type"))
                        .containsPattern(QUEUE + "\\s+quorum");
                for (boolean leader : List.of(false, true)) {
                    String leading = ofQueue(stack, "leader");
                    BrokerServer victim = stack.brokers().stream()
                            .filter(node -> leading.contains(node.node()) == leader)
                            .findFirst()
                            .orElseThrow();
                    int sent = stack.sentMessages().size();
                    long killed = System.nanoTime();
                    victim.kill();
                    await("messages with a node less")
                            .atMost(LONG)
                            .pollInterval(Duration.ofMillis(20))
                            .until(() -> stack.sentMessages().size() > sent);
                    Duration back = Duration.ofNanos(System.nanoTime() - killed);
                    awaitOrders(traffic, killed);
                    victim.restart();
                    await("all nodes have the queue")
                            .atMost(LONG)
                            .ignoreExceptions()
                            .until(() -> {
                                String online = ofQueue(stack, "online");
                                return stack.brokers().stream().allMatch(node -> online.contains(node.node()));
                            });
                    row(
                            leader
                                    ? "the node of RabbitMQ is killed that leads the queue"
                                    : "a node of RabbitMQ is killed",
                            traffic,
                            back);
                }
            }
            reconcile(stack, traffic);
        }
    }

    private static String ofQueue(OrderStack stack, String what) throws IOException, InterruptedException {
        return stack.broker()
                .control("list_queues", "--no-table-headers", "name", what)
                .lines()
                .filter(line -> line.split("\\s+", -1)[0].equals(QUEUE))
                .findFirst()
                .orElseThrow();
    }

    private static OrderStack stack(Engines engines) {
        System.out.println("failover with -Dseed=" + SEED);
        return new OrderStack(OrderStack.PROJECT.resolve("e2e/target/failover"), Map.of(), engines);
    }

    private static void awaitOrders(Traffic traffic, long since) {
        await("orders").atMost(LONG).until(() -> traffic.records().promisedSince(since) >= SOME);
    }

    private static void reconcile(OrderStack stack, Traffic traffic) {
        stack.heal();
        try {
            traffic.reconcile();
        } catch (AssertionError wrong) {
            System.out.println(stack.lastWords());
            throw wrong;
        }
    }

    private static void row(String what, Traffic traffic, Duration back) {
        ROWS.add(String.format(
                Locale.ROOT,
                "| %s | %d | %.1f s |",
                what,
                traffic.records().promised().size(),
                back.toMillis() / 1_000.0));
    }

    @AfterAll
    static void writePage() throws IOException {
        String text =
                """
                # Failover: what was seen

                Eight customers order, cancel and pay in, in real processes on one machine, while the server is lost that everything hangs on
                ([high availability](high-availability.md)). At the end of each test every order that a customer was told to have is there, once;
                the sums of money and of stock agree with the orders, and each customer read one message an event.
                PostgreSQL: from the end of the promotion until an order is taken and all services are ready, at most %d s.
                RabbitMQ: from the kill until the next message has gone out.
                Written by `FailoverIT` (`./vitrina test --soak`).

                | what happens | orders until then | back after |
                |---|---|---|
                %s
                """
                        .formatted(BACK.toSeconds(), String.join("\n", ROWS));
        Files.writeString(OrderStack.PROJECT.resolve("docs/failover-proof.md"), text, UTF_8);
    }
}

package org.vitrina.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.core.CrashPoint;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.Mailbox;
import org.vitrina.testing.PackagedProgram;
import org.vitrina.testing.PostgresResource;

/** A message at which the process dies each time, by SIGKILL: it ends five of them and is a dead letter then. */
class KillingMessageIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String POINT = "notifications.queue-before-handling";
    private static final int KILLED = 128 + 9;

    private final Mailbox mailbox = new Mailbox(BrokerServer.shared(), "killing.");
    private final Map<String, String> settings = new HashMap<>();
    private final List<Process> processes = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    @Test
    void isADeadLetterAfterTheFifthProcessAndIsNotHandledOnceMore() throws IOException, InterruptedException {
        var postgres = new PostgresResource();
        postgres.init(Map.of("database", "notifications_killed"));
        settings.putAll(postgres.start());
        settings.put("vitrina.broker.host", "127.0.0.1");
        settings.put(
                "vitrina.broker.port", Integer.toString(BrokerServer.shared().port()));
        settings.put("vitrina.broker.prefix", "killing.");
        settings.put("vitrina.queues.lease", "1s");
        settings.put("quarkus.http.port", "0");
        settings.put("quarkus.management.port", "0");
        mailbox.bind("notifications", "orders.events", "order.confirmed");
        mailbox.bind("notifications.dlq", "none", "none");
        mailbox.send("orders.events", "order.confirmed", "killing", "{\"version\":1}");

        for (int i = 0; i < 5; i++) {
            Files.writeString(folder.resolve(POINT), "");
            Process dying = start();
            assertThat(dying.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(dying.exitValue()).isEqualTo(KILLED);
            assertThat(mailbox.waiting("notifications.dlq")).isZero();
        }

        Files.writeString(folder.resolve(POINT), "");
        start();
        List<Mailbox.Letter> dead = new ArrayList<>();
        await().atMost(LIMIT).until(() -> {
            dead.addAll(mailbox.take("notifications.dlq"));
            return !dead.isEmpty();
        });

        assertThat(dead).hasSize(1);
        assertThat(dead.getFirst().body()).isEqualTo("{\"version\":1}");
        assertThat(dead.getFirst().headers())
                .containsEntry("x-vitrina-reason", "an attempt at it did not come to an end")
                .containsEntry("x-vitrina-attempts", "5");
        assertThat(folder.resolve(POINT)).exists();
        assertThat(processes.getLast().isAlive()).isTrue();
    }

    private Process start() throws IOException {
        var builder = new ProcessBuilder(PackagedProgram.command(
                        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"),
                        settings.entrySet().stream()
                                .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
                                .toList(),
                        List.of()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        Path.of("target/killing-message-it.log").toFile()));
        builder.environment().put(CrashPoint.FOLDER, folder.toString());
        Process process = builder.start();
        processes.add(process);
        return process;
    }
}

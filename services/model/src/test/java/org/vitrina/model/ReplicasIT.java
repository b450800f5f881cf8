package org.vitrina.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.diabetes.Diabetes;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.PackagedProgram;

/** Packaged replicas as processes that are killed, and one that may not start. */
@SuppressWarnings("NullAway.Init")
class ReplicasIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int MESSAGES = 20_000;

    private final List<Process> replicas = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        replicas.forEach(Process::destroyForcibly);
        replicas.forEach(replica -> replica.onExit().join());
    }

    @Test
    void replicasThatAreKilledUnderLoadLoseNothing() throws Exception {
        try (BrokerServer broker = BrokerServer.start();
                Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("features", true, false, false, null);
            start("-Dvitrina.broker.port=" + broker.port());
            start("-Dvitrina.broker.port=" + broker.port());
            await().atMost(TIMEOUT).until(() -> channel.consumerCount("features") == 2);
            Set<String> answered = ConcurrentHashMap.newKeySet();
            var json = new ObjectMapper();
            Channel receiving = connection.createChannel();
            receiving.basicConsume(
                    "y_pred",
                    true,
                    (tag, delivery) -> answered.add(
                            json.readTree(delivery.getBody()).path("id").asText()),
                    tag -> {});
            String features = Diabetes.rows().get(102).features().toString();
            channel.confirmSelect();
            for (int i = 0; i < MESSAGES; i++) {
                channel.basicPublish(
                        "",
                        "features",
                        MessageProperties.PERSISTENT_BASIC,
                        ("{\"id\":\"" + i + "\",\"features\":" + features + "}").getBytes(StandardCharsets.UTF_8));
                if (i == MESSAGES / 4 || i == MESSAGES / 2) {
                    replicas.removeFirst().destroyForcibly().onExit().join();
                    start("-Dvitrina.broker.port=" + broker.port());
                }
            }
            channel.waitForConfirmsOrDie(60_000);

            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(answered).hasSize(MESSAGES));
        }
    }

    @Test
    void aDamagedModelIsNoStartAndSaysSo() throws Exception {
        Files.writeString(folder.resolve("serving.json"), "{\"serving\":[{\"version\":\"2\",\"weight\":1}]}");
        Files.writeString(folder.resolve("2.pmml"), "<PMML");

        Process replica = start("-Dvitrina.model.directory=" + folder);

        assertThat(replica.waitFor(2, java.util.concurrent.TimeUnit.MINUTES)).isTrue();
        assertThat(replica.exitValue()).isNotZero();
        assertThat(Files.readString(folder.resolve("0.log")))
                .contains("The model cannot be used, so this service does not start: version 2 cannot be used");
    }

    private int started;

    private Process start(String setting) throws IOException {
        Process replica = new ProcessBuilder(PackagedProgram.command(
                        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"),
                        List.of("-Dquarkus.http.port=0", "-Dquarkus.management.port=0", setting),
                        List.of()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(started++ + ".log").toFile())
                .start();
        replicas.add(replica);
        return replica;
    }
}

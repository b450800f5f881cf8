package org.vitrina.features;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrina.diabetes.Diabetes;
import org.vitrina.servers.BrokerServer;
import org.vitrina.testing.PackagedProgram;

/** The packaged program with its arguments. */
@SuppressWarnings("NullAway.Init")
class FeaturesIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void sendsOneRowAndEnds() throws Exception {
        int status = run("--once", "--row=102");

        assertThat(status).as(log()).isZero();
        JsonNode truth = taken("y_true");
        JsonNode features = taken("features");
        assertThat(truth.path("value").asDouble()).isEqualTo(302.0);
        assertThat(features.path("features")).hasSize(10);
        assertThat(features.path("id")).isEqualTo(truth.path("id"));
    }

    @Test
    void aSeedChoosesTheRowThatNumpyChooses() throws Exception {
        assertThat(run("--once", "--seed=42")).as(log()).isZero();

        assertThat(taken("y_true").path("value").asDouble())
                .isEqualTo(Diabetes.rows().get(102).target());
        taken("features");
    }

    @Test
    void refusesAnArgumentThatItDoesNotKnow() throws Exception {
        assertThat(run("--twice")).isEqualTo(2);
        assertThat(log()).contains("--twice");
    }

    private static JsonNode taken(String queue) throws Exception {
        try (Connection connection = BrokerServer.shared().connect();
                Channel channel = connection.createChannel()) {
            GetResponse one = channel.basicGet(queue, true);
            return JSON.readTree(one.getBody());
        }
    }

    private String log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private int run(String... arguments) throws Exception {
        List<String> command = PackagedProgram.command(
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"),
                List.of(
                        "-Dquarkus.http.port=0",
                        "-Dquarkus.management.port=0",
                        "-Dvitrina.broker.port=" + BrokerServer.shared().port()),
                List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(log()).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}

package org.vitrina.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerGuardTest {
    /** Starts both servers in a JVM of its own, tells their process ids, and waits to be killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws InterruptedException {
            System.out.println(PostgresServer.start().pid());
            System.out.println(RedisServer.start().pid());
            Thread.sleep(Duration.ofMinutes(1));
        }
    }

    @Test
    void noServerOutlivesAJvmThatIsKilled() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<ProcessHandle> servers = new ArrayList<>();
        try (var said = new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < 2; i++) {
                servers.add(ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow());
            }
        } finally {
            jvm.destroyForcibly().waitFor();
        }
        assertThat(servers).hasSize(2);

        await().atMost(Duration.ofSeconds(10)).until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
    }
}

package org.vitrina.testing.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrina.servers.FreePort;
import redis.embedded.RedisServer;

@Timeout(20)
class RedisFaultProxyTest {
    private static RedisServer redis;
    private FaultProxy proxy;

    @BeforeAll
    static void startRedis() throws IOException {
        int port = FreePort.find();
        redis = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        redis.start();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.stop();
    }

    @BeforeEach
    void startProxy() {
        proxy = FaultProxy.redis(redis.ports().getFirst());
    }

    @AfterEach
    void stopProxy() {
        proxy.close();
    }

    @Test
    void passesPipelinedCommandsAndCountsThem() throws IOException {
        try (Connection connection = new Connection()) {
            connection.send(command("SET", "k", "v"), command("GET", "k"), "PING\r\n");
            assertThat(connection.line()).isEqualTo("+OK");
            assertThat(connection.line()).isEqualTo("$1");
            assertThat(connection.line()).isEqualTo("v");
            assertThat(connection.line()).isEqualTo("+PONG");
            assertThat(proxy.requests()).isEqualTo(3);
        }
        await().until(() -> proxy.openConnections() == 0);
    }

    @Test
    void refuses() throws IOException {
        try (Connection connection = new Connection()) {
            assertThat(connection.ping()).isEqualTo("+PONG");
            proxy.inject(Fault.REFUSED);
            assertThatThrownBy(connection::line).isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(() -> new Connection().close()).isInstanceOf(ConnectException.class);
    }

    @Test
    void hangsForOldAndNewConnectionsAndGoesOnAfterwards() throws IOException {
        try (Connection old = new Connection()) {
            assertThat(old.ping()).isEqualTo("+PONG");
            proxy.inject(Fault.HANGS);
            try (Connection fresh = new Connection()) {
                for (Connection connection : new Connection[] {old, fresh}) {
                    connection.socket.setSoTimeout(100);
                    assertThatThrownBy(connection::ping).isInstanceOf(SocketTimeoutException.class);
                    connection.socket.setSoTimeout(5_000);
                }
                proxy.heal();
                assertThat(old.line()).isEqualTo("+PONG");
                assertThat(fresh.line()).isEqualTo("+PONG");
            }
        }
    }

    @Test
    void seesTheEndOfAConnectionThatHangs() throws IOException {
        proxy.inject(Fault.HANGS);
        try (Connection connection = new Connection()) {
            connection.send("PING\r\n");
            await().until(() -> proxy.requests() == 1);
        }
        await().until(() -> proxy.openConnections() == 0);
    }

    @Test
    void answersLate() throws IOException {
        try (Connection connection = new Connection()) {
            proxy.inject(Fault.late(Duration.ofMillis(200)));
            long start = System.nanoTime();
            assertThat(connection.ping()).isEqualTo("+PONG");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void resetsInMidAnswer() throws IOException {
        try (Connection connection = new Connection()) {
            proxy.inject(Fault.RESET);
            assertThatThrownBy(connection::ping).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void cutsTheAnswerInHalf() throws IOException {
        try (Connection connection = new Connection()) {
            proxy.inject(Fault.TRUNCATED);
            connection.send("PING\r\n");
            assertThat(connection.in.readAllBytes()).isEqualTo("+PO".getBytes(UTF_8));
        }
    }

    @Test
    void answersWithGarbageAndCutsThoseConnectionsAfterwards() throws IOException {
        try (Connection connection = new Connection()) {
            proxy.inject(Fault.GARBAGE);
            connection.send("PING\r\n");
            assertThat(connection.in.readNBytes(64)).startsWith(0xEE, 0xFF);
            proxy.heal();
            assertThatThrownBy(connection::line).isInstanceOf(SocketException.class);
        }
        try (Connection connection = new Connection()) {
            assertThat(connection.ping()).isEqualTo("+PONG");
        }
    }

    @Test
    void flaps() {
        proxy.inject(Fault.flapping(Duration.ofMillis(100)));
        assertThatThrownBy(() -> new Connection().close()).isInstanceOf(ConnectException.class);
        await().pollInterval(Duration.ofMillis(10)).until(this::answers);
        await().pollInterval(Duration.ofMillis(10)).until(() -> !answers());
        await().pollInterval(Duration.ofMillis(10)).until(this::answers);
    }

    @Test
    void saysThatItIsLoadingToAllButTheCommandsAllowedThen() throws IOException {
        try (Connection connection = new Connection()) {
            proxy.inject(Fault.redisLoading());
            connection.send(command("GET", "k"), command("SELECT", "0"), command("set", "k", "v"));
            assertThat(connection.line()).isEqualTo("-LOADING Redis is loading the dataset in memory");
            assertThat(connection.line()).isEqualTo("+OK");
            assertThat(connection.line()).isEqualTo("-LOADING Redis is loading the dataset in memory");
        }
    }

    @Test
    void deniesWritesWhenFullAndStillReads() throws IOException {
        try (Connection connection = new Connection()) {
            proxy.inject(Fault.redisOutOfMemory());
            connection.send(command("SET", "full", "v"), command("GET", "full"));
            assertThat(connection.line()).isEqualTo("-OOM command not allowed when used memory > 'maxmemory'.");
            assertThat(connection.line()).isEqualTo("$-1");
            proxy.heal();
            assertThat(connection.ping()).isEqualTo("+PONG");
        }
    }

    private boolean answers() {
        try (Connection connection = new Connection()) {
            return connection.ping().equals("+PONG");
        } catch (IOException e) {
            return false;
        }
    }

    private static String command(String... words) {
        StringBuilder resp = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            resp.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return resp.toString();
    }

    /** A client that sees each line. */
    private final class Connection implements AutoCloseable {
        final Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        final InputStream in = new BufferedInputStream(socket.getInputStream());

        Connection() throws IOException {
            socket.setSoTimeout(5_000);
        }

        void send(String... commands) throws IOException {
            socket.getOutputStream().write(String.join("", commands).getBytes(UTF_8));
        }

        String ping() throws IOException {
            send("PING\r\n");
            return line();
        }

        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            int next = in.read();
            while (next >= 0 && next != '\n') {
                line.append((char) next);
                next = in.read();
            }
            return line.toString().strip();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

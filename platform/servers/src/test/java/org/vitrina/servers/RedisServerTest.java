package org.vitrina.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RedisServerTest {
    @Test
    void canBeFrozenThawedKilledAndStartedAgainOnItsPort() throws IOException {
        ProcessHandle last;
        try (RedisServer redis = RedisServer.start("--maxmemory", "3mb")) {
            assertThat(ask(redis, "SET a 1")).isEqualTo("+OK");
            redis.freeze();
            assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(SocketTimeoutException.class);
            redis.thaw();
            assertThat(ask(redis, "PING")).isEqualTo("+PONG");

            redis.kill();
            assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(ConnectException.class);
            redis.restart();
            assertThat(ask(redis, "EXISTS a")).isEqualTo(":0");
            assertThat(redis.url()).isEqualTo("redis://127.0.0.1:" + redis.port());
            last = ProcessHandle.of(redis.pid()).orElseThrow();
        }
        assertThat(last.isAlive()).isFalse();
    }

    private static String ask(RedisServer redis, String command) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
            socket.setSoTimeout(300);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return String.valueOf(reader.readLine());
        }
    }
}

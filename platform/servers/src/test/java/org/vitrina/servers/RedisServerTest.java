package org.vitrina.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class RedisServerTest {
    @Test
    void canBeFrozenThawedKilledAndStartedAgainOnItsPort() throws IOException {
        ProcessHandle last;
        try (RedisServer redis = RedisServer.start("--maxmemory", "3mb")) {
            assertThat(redis.ask("SET a 1")).isEqualTo("+OK");
            redis.freeze();
            assertThatThrownBy(() -> redis.ask("PING")).isInstanceOf(SocketTimeoutException.class);
            redis.thaw();
            assertThat(redis.ask("PING")).isEqualTo("+PONG");

            redis.kill();
            assertThatThrownBy(() -> redis.ask("PING")).isInstanceOf(ConnectException.class);
            redis.restart();
            assertThat(redis.ask("EXISTS a")).isEqualTo(":0");
            assertThat(redis.url()).isEqualTo("redis://127.0.0.1:" + redis.port());
            last = ProcessHandle.of(redis.pid()).orElseThrow();
        }
        assertThat(last.isAlive()).isFalse();
    }
}

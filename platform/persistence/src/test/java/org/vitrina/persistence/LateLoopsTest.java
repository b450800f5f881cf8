package org.vitrina.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.vitrina.servers.PostgresServer;

/**
 * Where a processor is scarce, a connection may be on its way to a request, over to another event loop, when that request's
 * wait ends. Such a connection must come back: a pool that loses one each time ends as a service that has none left.
 */
class LateLoopsTest {
    private static final int CONNECTIONS = 3;
    private static final int ROUNDS = 40;
    private static final int REQUESTS = 12;

    @Test
    void aConnectionThatComesWhenTheWaitIsOverGoesBack() {
        try (var fixture = new PoolFixture(
                PostgresServer.shared().createDatabase("late_loops"),
                CONNECTIONS,
                Map.of("vitrina.postgres.acquire-timeout", "15ms"))) {
            Random random = new Random(7);
            int[] outcomes = new int[2];
            for (int round = 0; round < ROUNDS; round++) {
                List<Future<Void>> requests = new ArrayList<>();
                for (int request = 0; request < REQUESTS; request++) {
                    requests.add(request(fixture));
                }
                for (Context loop : fixture.loops) {
                    for (int at = 1; at < 60; at += 1 + random.nextInt(20)) {
                        int stall = random.nextInt(30);
                        fixture.vertx.setTimer(at, fired -> loop.runOnContext(ignored -> block(stall)));
                    }
                }
                for (Future<Void> request : requests) {
                    outcomes[PoolFixture.succeeds(request) ? 0 : 1]++;
                }
            }
            assertThat(outcomes[0]).as("requests that got a connection").isPositive();
            assertThat(outcomes[1]).as("requests whose wait ended before").isPositive();
            // the last stalls are still to come
            await("every connection can still be had")
                    .atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(
                            () -> assertThat(fixture.allAtOnce(CONNECTIONS)).hasSize(CONNECTIONS));
        }
    }

    /** Takes a connection, keeps it for a moment, gives it back. */
    private static Future<Void> request(PoolFixture fixture) {
        return fixture.background(() -> fixture.pool.withConnection(connection ->
                connection.query("SELECT pg_sleep(0.004)").execute().<Void>mapEmpty()));
    }

    @SuppressWarnings("ThreadSleep") // it is what is tested: a loop that nothing gets through to
    private static void block(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

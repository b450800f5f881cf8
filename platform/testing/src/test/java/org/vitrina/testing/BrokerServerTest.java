package org.vitrina.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrina.servers.BrokerServer;

class BrokerServerTest {
    @ParameterizedTest
    @EnumSource(BrokerServer.Kind.class)
    void keepsWhatItConfirmedWhenKilledAndLeavesNothingWhenClosed(BrokerServer.Kind kind) {
        assumeThat(BrokerServer.isInstalled(kind)).as("%s is installed", kind).isTrue();
        long pid;
        try (BrokerServer server = BrokerServer.start(kind)) {
            var mailbox = new Mailbox(server, "x.");
            mailbox.bind("letters", "events", "a.*");
            mailbox.send("events", "a.b", "1", "one");
            mailbox.send("events", "a.c", "2", "two".getBytes(StandardCharsets.UTF_8), 2);

            server.restart();

            assertThat(mailbox.waiting("letters")).isEqualTo(3);
            assertThat(mailbox.take("letters"))
                    .extracting(Mailbox.Letter::routingKey, Mailbox.Letter::body)
                    .containsExactly(tuple("a.b", "one"), tuple("a.c", "two"), tuple("a.c", "two"));
            pid = server.pid();
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }
}

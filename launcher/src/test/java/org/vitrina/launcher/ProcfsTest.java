package org.vitrina.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcfsTest {
    private final long self = ProcessHandle.current().pid();

    @Test
    void namesWhoListensOnAPort() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();

            Procfs.Holder holder = Procfs.listenerOn(port).orElseThrow();

            assertThat(holder.pid()).isEqualTo(self);
            assertThat(holder.sentence()).startsWith("process " + self + " (").contains("java");
        }
        assertThat(Procfs.listenerOn(port)).isEmpty();
    }

    @Test
    void tellsALivingProcess() {
        assertThat(Procfs.isAlive(self, Procfs.startTicks(self))).isTrue();
        assertThat(Procfs.isAlive(self, Procfs.startTicks(self) + 1)).isFalse();
        assertThat(Procfs.residentKilobytes(self)).isBetween(20_000L, 4_000_000L);
        assertThat(Procfs.age(Procfs.startTicks(self))).isBetween(Duration.ofMillis(100), Duration.ofHours(2));
        assertThat(Procfs.isStopped(self)).isFalse();
    }

    @Test
    void aProcessThatIsGoneHasNoStart() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();

        assertThat(Procfs.startTicks(gone.pid())).isEqualTo(-1);
        assertThat(Procfs.isAlive(gone.pid(), -1)).isFalse();
        assertThat(Procfs.commandLine(gone.pid())).isEmpty();
    }
}

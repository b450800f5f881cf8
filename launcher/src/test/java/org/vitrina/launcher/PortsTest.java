package org.vitrina.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrina.launcher.spec.Server;
import org.vitrina.launcher.spec.ServiceSpec;

class PortsTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private final List<String> said = new ArrayList<>();

    private StackBuilder broker(int offset) {
        return Stack.builder(PROJECT)
                .only("broker", "redis")
                .fixedPorts(offset)
                .progress((part, text) -> said.add(part + " " + text));
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void theBrokerMovesToTheNextFreePortAndSaysWhoHasItsOwn() throws IOException {
        try (ServerSocket other = taken()) {
            int offset = other.getLocalPort() - Server.BROKER.port();
            StackBuilder plan = broker(offset).only("broker");

            int port = Ports.choose(plan).of("broker").port();

            assertThat(port).isBetween(other.getLocalPort() + 1, other.getLocalPort() + 100);
            assertThat(said)
                    .singleElement()
                    .asString()
                    .startsWith("broker port " + other.getLocalPort() + " is taken by process "
                            + ProcessHandle.current().pid() + " (")
                    .endsWith("): ours listens on " + port);
        }
    }

    @Test
    void theOthersKeepTheirPortsOrNothingStarts() throws IOException {
        try (ServerSocket other = taken()) {
            int offset = other.getLocalPort() - Server.REDIS.port();

            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> Ports.choose(broker(offset)))
                    .withMessageContaining("Port " + other.getLocalPort() + " (redis) is taken by process");
        }
    }

    @Test
    void portsBeyondTheLastAreRefused() {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> Ports.choose(broker(60_000)))
                .withMessageContaining("does not exist: choose a smaller --port-offset");
    }

    @Test
    void aReplicaHasPortsOfItsOwn() {
        StackBuilder plan = Stack.builder(PROJECT)
                .only("cart")
                .discovery()
                .replicas("cart", 3)
                .fixedPorts(20_000);
        assertThat(plan.wantedServices()).extracting(ServiceSpec::name).containsExactlyInAnyOrder("registry", "cart");

        Ports ports = Ports.choose(plan);

        assertThat(ports.of("cart").port()).isEqualTo(28_003);
        assertThat(ports.of("cart-3").port()).isEqualTo(28_203);
        assertThat(ports.managementAddressOf("cart-3").port()).isEqualTo(38_203);
    }

    @Test
    void whoDoesNotRunHereIsExpectedOnItsUsualPort() throws IOException {
        Ports ports = Ports.choose(Stack.builder(PROJECT)
                .only("redis")
                .freePorts()
                .between("bff", "orders", real -> new Address(real.host(), real.port() + 1)));

        assertThat(ports.seenBy("bff", "cart").port()).isEqualTo(8003);
        assertThat(ports.seenBy("bff", "orders").port()).isEqualTo(8005);
    }
}

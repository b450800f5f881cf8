package org.vitrina.e2e.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ./vitrina dev: one service from its sources inside what runs, in a copy of the tree, which is edited. */
class DevIT {
    private static final Duration PROMISED = Duration.ofSeconds(10);
    private static final String NEEDED = "vitrina pom.xml .mvn */pom.xml */*/pom.xml services/*/service.yaml"
            + " launcher/services.sh launcher/target native-build/*.options platform services/sms-gateway";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Terminal terminal = new Terminal(Path.of("."));

    @BeforeEach
    void copyTheTree() throws Exception {
        Path tree = Files.createDirectories(folder.resolve("tree"));
        assertThat(new ProcessBuilder("bash", "-euc", "cp -a --parents " + NEEDED + " \"$0\"", tree.toString())
                        .directory(Terminal.PROJECT.toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        terminal = new Terminal(folder).of(tree);
    }

    @AfterEach
    void stop() throws Exception {
        terminal.here("down");
    }

    @Test
    void showsAnEditAndGivesThePlaceBackHoweverItEnds() throws Exception {
        assertThat(terminal.here("dev", "sms-gateway"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(1))
                .satisfies(ended -> assertThat(ended.output()).contains("Vitrina does not run", "./vitrina up"));
        Terminal.Running up = terminal.upAndReady("sms-gateway");
        assertThat(terminal.here("dev", "shop"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(2))
                .satisfies(ended -> assertThat(ended.output()).contains("no service 'shop'; there are products"));
        assertThat(terminal.here("dev", "cart"))
                .satisfies(ended -> assertThat(ended.exit()).isEqualTo(1))
                .satisfies(ended -> assertThat(ended.output()).contains("cart does not run there"));
        long built = terminal.pid("sms-gateway");

        Terminal.Running dev = terminal.running("dev", "sms-gateway")
                .awaitText("comes back from its sources")
                .awaitText("Live Coding");
        await().atMost(Terminal.SOON).until(() -> status("/ops/faults") == 200);
        assertThat(terminal.pid("sms-gateway")).isNotEqualTo(built);

        Path resource = folder.resolve("tree/services/sms-gateway/src/main/java/org/vitrina/sms/SmsOpsResource.java");
        Files.writeString(
                resource,
                Files.readString(resource)
                        .replaceFirst("return faults.now\\(\\);", "throw new jakarta.ws.rs.NotFoundException();"));

        await().atMost(PROMISED).until(() -> status("/ops/faults") == 404);

        List<ProcessHandle> ofDev = Terminal.trees(List.of(terminal.pid("sms-gateway")));
        assertThat(ofDev).hasSizeGreaterThan(1);
        Terminal.signal("KILL", dev.process().pid());

        Terminal.awaitGone(ofDev, Terminal.SOON);
        awaitBuilt(up);

        Terminal.Running again = terminal.running("dev", "sms-gateway").awaitText("comes back from its sources");
        assertThat(terminal.here("dev", "sms-gateway").output()).contains("runs from its sources already");
        Terminal.signal("INT", again.process().pid());

        assertThat(again.awaitExit()).isZero();
        assertThat(again.text()).contains("sms-gateway runs as it was built");
        awaitBuilt(up);
    }

    private void awaitBuilt(Terminal.Running up) throws Exception {
        await().atMost(Terminal.SOON).until(() -> status("/ops/faults") == 200);
        assertThat(up.text()).contains("sms-gateway steps aside", "sms-gateway comes back as it was built");
        await().atMost(Terminal.SOON).until(() -> terminal.here("status").exit() == 0);
    }

    /** 0 where nobody answers. */
    private int status(String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (8030 + terminal.offset) + path))
                .timeout(PROMISED)
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }
}

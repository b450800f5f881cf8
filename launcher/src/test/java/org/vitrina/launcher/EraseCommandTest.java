package org.vitrina.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.vitrina.launcher.spec.ServiceSpec;
import org.vitrina.launcher.spec.Services;

/** The command asks every service that keeps something of users, in an order in which nothing of them comes back. */
@Isolated("it looks at what is printed")
class EraseCommandTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> words = new ArrayList<>();

    @BeforeEach
    void aServerForEachService() throws IOException {
        words.addAll(List.of("erase", "17"));
        for (String service : Services.of(PROJECT).all().stream()
                .filter(ServiceSpec::erases)
                .map(ServiceSpec::name)
                .toList()) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                asked.add(service + " " + exchange.getRequestMethod() + " " + exchange.getRequestURI());
                int status = statuses.getOrDefault(service, 200);
                byte[] answer = (status == 200
                                ? "{\"erased\":{\"things\":2},\"kept\":[\"the books\"]}"
                                : "{\"status\":" + status + ",\"detail\":\"1 orders are not settled.\"}")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, answer.length);
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(answer);
                }
            });
            server.start();
            servers.add(server);
            words.add("--url");
            words.add(service + "=http://127.0.0.1:" + server.getAddress().getPort());
        }
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void asksWhoTellsOthersBeforeThem() {
        Said said = run();

        assertThat(said.exit).isZero();
        assertThat(asked)
                .contains("cart DELETE /ops/users/17", "favorites DELETE /ops/users/17")
                .contains("wallet DELETE /ops/users/17", "predictions DELETE /ops/users/17")
                .containsSubsequence("orders DELETE /ops/users/17", "notifications DELETE /ops/users/17");
        assertThat(said.text)
                .contains("orders: erased 2 things; kept: the books")
                .endsWith("User 17 is erased." + System.lineSeparator());
    }

    @Test
    void endsWhereAServiceRefusesAndSaysWhatIsDone() {
        statuses.put("notifications", 409);

        Said said = run();

        assertThat(said.exit).isEqualTo(1);
        assertThat(said.text).contains("notifications refuses: 1 orders are not settled.", "Erased so far: ", "orders");
    }

    @Test
    void saysWhoDoesNotAnswer() {
        statuses.put("orders", 503);

        Said said = run();

        assertThat(said.exit).isEqualTo(1);
        assertThat(said.text).contains("orders did not answer (", "503", "repeat the command when it does");
        assertThat(asked).doesNotContain("notifications DELETE /ops/users/17");
    }

    private record Said(int exit, String text) {}

    private Said run() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var bytes = new ByteArrayOutputStream();
        var both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
        try {
            int exit = Launcher.commandLine(PROJECT).execute(words.toArray(String[]::new));
            return new Said(exit, bytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}

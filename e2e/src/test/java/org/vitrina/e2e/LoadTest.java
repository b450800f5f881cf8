package org.vitrina.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vitrina.e2e.Figures.Answer;

/** That the load overlooks nothing: it must see each way in which a server can lose a request. */
class LoadTest {
    private static final String COMPLETE = "{\"cart_items\":3,\"favorite_items\":3,\"products\":[{\"product_id\":1,"
            + "\"product_name\":\"Lamp\",\"price\":\"10.00\",\"inventory\":5}],\"degraded\":[]}";

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private ServerSocket server;
    private volatile Behaviour behaviour = (out, request) -> answer(200, "", COMPLETE);

    /** What the server writes for a request; null to break the connection. */
    private interface Behaviour {
        @Nullable
        String answer(Socket socket, String request) throws IOException;
    }

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void stopListening() throws IOException {
        server.close();
    }

    @Test
    void asksHalfOnKeptAndHalfOnNewConnectionsAtItsRate() throws Exception {
        Instant begun = Instant.now();
        List<Answer> answers = answersOf(40);
        Duration took = Duration.between(begun, Instant.now());

        assertThat(answers).allMatch(answer -> answer.wrong() == null && Page.COMPLETE.equals(answer.label()));
        long kept = answers.stream().filter(Answer::kept).count();
        assertThat(kept).isBetween(answers.size() / 2L, answers.size() / 2L + 1);
        assertThat(connections.get())
                .as("connections: one for each new one, and few kept")
                .isBetween(answers.size() - (int) kept + 1, answers.size() - (int) kept + 8);
        assertThat(took).as("40 at 100 a second").isGreaterThan(Duration.ofMillis(390));
        assertThat(Figures.report(answers).getLast()).isEqualTo("all right");
    }

    @Test
    void countsADegradedPageThatSaysSo() throws Exception {
        behaviour = (out, request) -> answer(
                200,
                "",
                COMPLETE.replace("\"cart_items\":3", "\"cart_items\":null")
                        .replace("[]", "[{\"part\":\"cart\",\"reason\":\"error\",\"missing\":1}]"));
        List<String> report = Figures.report(answersOf(4));
        assertThat(report).element(1).asString().endsWith(" cart null (error)");
        assertThat(report).last().isEqualTo("all right");
    }

    @Test
    void seesAMissingPartThatIsNotExplained() throws Exception {
        behaviour = (out, request) -> answer(200, "", COMPLETE.replace("\"cart_items\":3", "\"cart_items\":null"));
        assertWrong("not what the contract promises");
    }

    @Test
    void seesAnyOtherStatusHoweverWellWorded() throws Exception {
        behaviour = (out, request) -> answer(
                503,
                "Content-Type: application/problem+json\r\nRetry-After: 1\r\n",
                "{\"type\":\"urn:vitrina:problem:starting\",\"status\":503,\"detail\":\"d\",\"error\":\"d\"}");
        assertWrong("503 in ");
    }

    @Test
    void seesAConnectionThatEndsWithoutAnAnswer() throws Exception {
        behaviour = (out, request) -> null;
        assertWrong("the connection ended without an answer");
    }

    @Test
    void seesAnAnswerThatIsCutOff() throws Exception {
        behaviour = (out, request) -> {
            String whole = answer(200, "", COMPLETE);
            out.getOutputStream().write(whole.substring(0, whole.length() - 5).getBytes(ISO_8859_1));
            return null;
        };
        assertWrong("the connection ended after ");
    }

    @Test
    void seesThatNobodyListens() throws Exception {
        server.close();
        try (Load load = load()) {
            List<Answer> answers = await().until(load::take, taken -> !taken.isEmpty());
            assertThat(answers).allSatisfy(answer -> assertThat(answer.wrong()).contains("Connection refused"));
        }
    }

    @Test
    void leavesAConnectionThatTheServerSaysItWillClose() throws Exception {
        behaviour = (out, request) -> answer(200, "Connection: close\r\n", COMPLETE);
        List<Answer> answers = answersOf(10);
        assertThat(answers).allMatch(answer -> answer.wrong() == null);
        assertThat(connections.get()).isGreaterThanOrEqualTo(answers.size());
    }

    @Test
    void opensAnotherWhereAnIdleConnectionWasClosed() throws Exception {
        behaviour = (out, request) -> {
            out.getOutputStream().write(answer(200, "", COMPLETE).getBytes(ISO_8859_1));
            return null;
        };
        // each answer is whole, and its connection is gone long before the next one is due
        assertThat(answersOf(10)).allMatch(answer -> answer.wrong() == null);
    }

    @Test
    void readsAChunkedAnswer() throws Exception {
        String first = COMPLETE.substring(0, 10);
        String second = COMPLETE.substring(10);
        behaviour = (out, request) -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(first.length()) + "\r\n" + first + "\r\n"
                + Integer.toHexString(second.length()) + "\r\n" + second + "\r\n0\r\n\r\n";
        assertThat(answersOf(4)).allMatch(answer -> answer.wrong() == null);
    }

    @Test
    void anAnswerBelongsToTheStretchInWhichItWasAskedFor() throws Exception {
        behaviour = (out, request) -> {
            await().until(() -> asked.get() >= 5);
            return answer(200, "", COMPLETE);
        };
        try (Load load = load()) {
            await().until(() -> asked.get() >= 1);
            List<Answer> first = load.take();
            await().until(() -> asked.get() > first.size());
            List<Answer> second = load.take();
            // none was answered when the first stretch ended, so it has waited for what it had asked; the rest is the
            // second's
            assertThat(first).isNotEmpty().allMatch(answer -> answer.wrong() == null);
            assertThat(second).isNotEmpty().doesNotContainAnyElementsOf(first);
        }
    }

    @Test
    void reportsPercentilesAndTheFirstThingsThatWereWrong() {
        Instant start = Instant.parse("2026-11-22T10:00:00Z");
        List<Answer> answers = new java.util.ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            answers.add(new Answer(start, i % 2 == 0, Duration.ofMillis(i), Page.COMPLETE, null));
        }
        answers.add(new Answer(start.plusMillis(1500), true, Duration.ofMillis(1), null, "reset"));
        answers.add(new Answer(start.plusMillis(500), false, Duration.ofMillis(1), null, "refused"));
        assertThat(Figures.report(answers))
                .containsExactly(
                        "202 answers (101 on kept connections, 101 on new ones), p50 99 ms, p99 198 ms, max 200 ms",
                        "200 complete",
                        "10:00:00.500, new connection, after 1 ms: refused",
                        "10:00:01.500, kept connection, after 1 ms: reset",
                        "2 wrong, the last asked 1000 ms after the first");
        assertThat(Figures.report(List.of())).last().isEqualTo("0 wrong, but nothing was asked");
    }

    private void assertWrong(String what) throws Exception {
        List<Answer> answers = answersOf(4);
        assertThat(answers).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.wrong()).contains(what);
            assertThat(answer.label()).isNull();
        });
        assertThat(Figures.report(answers).getLast()).startsWith(answers.size() + " wrong");
    }

    private List<Answer> answersOf(int requests) throws Exception {
        try (Load load = load()) {
            await().until(() -> asked.get() >= requests);
            return load.take();
        }
    }

    private Load load() {
        return Load.on(URI.create("http://127.0.0.1:" + server.getLocalPort()), 100);
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            StringBuilder request = new StringBuilder();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                request.append(line).append('\n');
                if (line.isEmpty()) {
                    asked.incrementAndGet();
                    String answer = behaviour.answer(socket, request.toString());
                    if (answer == null) {
                        return;
                    }
                    socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
                    request.setLength(0);
                }
            }
        } catch (IOException e) {
            // the load went away
        }
    }

    private static String answer(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " X\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }
}

package org.vitrina.testing.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HttpFaultProxyTest {
    private static final String BODY =
            "[{\"product_id\":1,\"product_name\":\"Lamp\",\"sold\":false},{\"product_id\":2}]";

    private HttpServer server;
    private FaultProxy proxy;
    private HttpClient client;

    @BeforeEach
    void startServerBehindProxy() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            byte[] body = sent.length > 0 ? sent : BODY.getBytes(UTF_8);
            boolean chunked = exchange.getRequestURI().getPath().equals("/chunked");
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, chunked ? 0 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        proxy = FaultProxy.http(server.getAddress().getPort());
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        server.stop(0);
    }

    @Test
    void passesEverythingAndKeepsTheConnectionWhenHealthy() throws Exception {
        assertThat(get("/a").body()).isEqualTo(BODY);
        assertThat(get("/chunked").body()).isEqualTo(BODY);
        assertThat(post("/a", "x".repeat(100_000)).body()).hasSize(100_000);
        assertThat(proxy.connections()).isEqualTo(1);
        assertThat(proxy.openConnections()).isEqualTo(1);
        assertThat(proxy.requests()).isEqualTo(3);
        assertThat(proxy.requestLines())
                .containsExactly("GET /a HTTP/1.1", "GET /chunked HTTP/1.1", "POST /a HTTP/1.1");
        assertThat(proxy.earlyCloses()).isZero();
    }

    @Test
    void refusesNewConnectionsResetsOldOnesAndListensOnTheSamePortAgain() throws Exception {
        get("/a");
        try (Socket old = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            await().until(() -> proxy.openConnections() == 2);
            proxy.inject(Fault.REFUSED);
            assertThatThrownBy(() -> old.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
        }
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port()).close())
                .isInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(proxy.openConnections()).isZero();
        proxy.heal();
        assertThat(get("/a").statusCode()).isEqualTo(200);
    }

    @Test
    void refusesAndListensManyTimes() throws Exception {
        for (int i = 0; i < 50; i++) {
            proxy.inject(Fault.REFUSED);
            assertThatThrownBy(() -> get("/a")).isInstanceOf(ConnectException.class);
            proxy.heal();
            assertThat(get("/a").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void acceptsAndHangsAndAnswersWhenTheFaultEnds() throws Exception {
        proxy.inject(Fault.HANGS);
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request("/a"), ofString());
        await().until(() -> proxy.requests() == 1);
        assertThatThrownBy(() -> answer.get(150, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        proxy.heal();
        assertThat(answer.get(5, TimeUnit.SECONDS).body()).isEqualTo(BODY);
        assertThat(proxy.earlyCloses()).isZero();
    }

    @Test
    void seesThatACallerGaveUpWhileItHangs() {
        proxy.inject(Fault.HANGS);
        HttpRequest impatient = HttpRequest.newBuilder(uri("/a"))
                .timeout(Duration.ofMillis(100))
                .build();
        assertThatThrownBy(() -> client.send(impatient, ofString())).isInstanceOf(HttpTimeoutException.class);
        await().until(() -> proxy.earlyCloses() == 1);
        assertThat(proxy.openConnections()).isZero();
    }

    @Test
    void hangsAfterTheHeadersAndSeesThatTheCallerGaveUp() throws Exception {
        proxy.inject(Fault.HANGS_AFTER_HEADERS);
        try (Socket socket = rawGet("/a")) {
            socket.setSoTimeout(200);
            String head = readHead(socket);
            assertThat(head).startsWith("HTTP/1.1 200").contains("Content-length: " + BODY.length());
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
        await().until(() -> proxy.earlyCloses() == 1);
    }

    @Test
    void sendsTheBodyThatHungAfterTheHeadersWhenTheFaultEnds() throws Exception {
        proxy.inject(Fault.HANGS_AFTER_HEADERS);
        try (Socket socket = rawGet("/a")) {
            readHead(socket);
            proxy.heal();
            assertThat(new String(socket.getInputStream().readNBytes(BODY.length()), UTF_8))
                    .isEqualTo(BODY);
        }
    }

    @Test
    void answersLate() throws Exception {
        proxy.inject(Fault.late(Duration.ofMillis(300)));
        long start = System.nanoTime();
        assertThat(get("/a").body()).isEqualTo(BODY);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void answersWithAStatusOfItsOwn() throws Exception {
        proxy.inject(Fault.status(500));
        HttpResponse<String> failed = get("/a");
        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.headers().firstValue("Retry-After")).isEmpty();
        proxy.inject(Fault.unavailable(7));
        HttpResponse<String> unavailable = get("/a");
        assertThat(unavailable.statusCode()).isEqualTo(503);
        assertThat(unavailable.headers().firstValue("Retry-After")).contains("7");
        assertThat(unavailable.body()).contains("\"status\":503");
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void answersWithGarbage() throws Exception {
        proxy.inject(Fault.GARBAGE);
        try (Socket socket = rawGet("/a")) {
            assertThat(socket.getInputStream().readAllBytes()).hasSize(256).startsWith(0xEE, 0xFF, 0x01, 0x7F);
        }
    }

    @Test
    void cutsTheBodyInHalf() throws Exception {
        proxy.inject(Fault.TRUNCATED);
        try (Socket socket = rawGet("/a")) {
            readHead(socket);
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo(BODY.substring(0, BODY.length() / 2));
        }
        assertThat(proxy.earlyCloses()).isZero();
    }

    @Test
    void resetsTheConnectionInMidAnswer() throws Exception {
        proxy.inject(Fault.RESET);
        try (Socket socket = rawGet("/a")) {
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
        }
    }

    @Test
    void rewritesJsonIntoOtherTypes() throws Exception {
        proxy.inject(Fault.WRONG_TYPES);
        assertThat(get("/chunked").body())
                .isEqualTo("{\"0\":[{\"another\":\"type\"},[\"another type\"],\"another type\"],"
                        + "\"1\":[{\"another\":\"type\"}]}");
        assertThat(post("/a", "[ ]").body()).isEqualTo("{}");
        assertThat(post("/a", "{}").body()).isEqualTo("[]");
        assertThat(post("/a", "57").body()).isEqualTo("{\"another\":\"type\"}");
    }

    @Test
    void rewritesFieldsIntoOtherTypesAndKeepsTheShape() throws Exception {
        proxy.inject(Fault.WRONG_FIELD_TYPES);
        assertThat(get("/a").body())
                .isEqualTo("[{\"product_id\":{\"another\":\"type\"},\"product_name\":[\"another type\"],"
                        + "\"sold\":\"another type\"},{\"product_id\":{\"another\":\"type\"}}]");
        assertThat(post("/a", "[]").body()).isEqualTo("{}");
        assertThat(post("/a", "{\"a\\\"b\" : null, \"c\":-1.5e3 }").body())
                .isEqualTo("{\"a\\\"b\":\"another type\",\"c\":{\"another\":\"type\"}}");
    }

    @Test
    void padsTheBodyToTenMegabytesOfTheSameJson() throws Exception {
        proxy.inject(Fault.bigBody(10_000_000));
        String body = get("/a").body();
        assertThat(body).hasSize(10_000_000).startsWith(BODY.substring(0, BODY.length() - 1));
        assertThat(body.replaceAll(" +]$", "]")).isEqualTo(BODY);
    }

    @Test
    void failsTheSameRequestsOfAShareEachTime() throws Exception {
        List<Integer> first = statuses(100);
        List<Integer> second = statuses(100);
        assertThat(second).isEqualTo(first);
        assertThat(first.stream().filter(status -> status == 500).count()).isBetween(10L, 30L);
        assertThat(first).containsOnly(200, 500);
    }

    @Test
    void flapsBetweenRefusedAndHealthy() throws Exception {
        proxy.inject(Fault.flapping(Duration.ofMillis(200)));
        assertThatThrownBy(() -> get("/a")).isInstanceOf(ConnectException.class);
        await().pollInterval(Duration.ofMillis(10)).until(this::answers);
        await().pollInterval(Duration.ofMillis(10)).until(() -> !answers());
        await().pollInterval(Duration.ofMillis(10)).until(this::answers);
        proxy.heal();
        assertThat(get("/a").statusCode()).isEqualTo(200);
    }

    @Test
    void closesTheCallToTheServerWhenTheCallerLeaves() throws Exception {
        CompletableFuture<Integer> seen = new CompletableFuture<>();
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FaultProxy before = FaultProxy.http(slow.getLocalPort())) {
            Thread.startVirtualThread(() -> {
                try (Socket accepted = slow.accept()) {
                    readHead(accepted);
                    seen.complete(accepted.getInputStream().read());
                } catch (IOException e) {
                    seen.completeExceptionally(e);
                }
            });
            try (Socket caller = rawGet(before, "/slow")) {
                await().until(() -> before.requests() == 1);
                assertThat(caller.isConnected()).isTrue();
            }
            assertThat(seen.get(5, TimeUnit.SECONDS)).isEqualTo(-1);
            await().until(() -> before.earlyCloses() == 1);
        }
    }

    @Test
    void resetsTheCallerWhenTheServerIsNotThere() throws Exception {
        server.stop(0);
        assertThatThrownBy(() -> get("/a")).isInstanceOf(IOException.class);
    }

    private boolean answers() throws InterruptedException {
        try {
            return get("/a").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private List<Integer> statuses(int count) throws Exception {
        proxy.inject(Fault.errors(0.2, 7));
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            statuses.add(get("/a").statusCode());
        }
        return statuses;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path), ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                ofString());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(uri(path)).build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + proxy.port() + path);
    }

    private static HttpResponse.BodyHandler<String> ofString() {
        return HttpResponse.BodyHandlers.ofString();
    }

    private Socket rawGet(String path) throws IOException {
        return rawGet(proxy, path);
    }

    private static Socket rawGet(FaultProxy to, String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n").getBytes(UTF_8));
        return socket;
    }

    private static String readHead(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }
}

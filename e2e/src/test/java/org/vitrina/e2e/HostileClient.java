package org.vitrina.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;

/** One connection of somebody who means no good, from its opening to its end. */
final class HostileClient implements AutoCloseable {
    /** What is done on a connection. */
    enum Kind {
        UNFINISHED_BODY,
        UNFINISHED_CHUNKS,
        UNFINISHED_HEAD,
        SLOW_HEAD,
        STALLED_BODY,
        JUNK_PATHS,
        JUNK_METHODS,
        DEEP_JSON,
        WIDE_JSON,
        HALF_CLOSED_STREAM,
        UNREAD_PIPELINE,
        TWO_LENGTHS
    }

    /** Longer than any server keeps such a connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String JSON = "Content-Type: application/json";
    private static final String LONG = "X-Request-Deadline-Ms: 60000";
    private static final String LAST = "Connection: close";

    private final Socket socket;
    private final Random random;

    private HostileClient(int port, Random random) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.random = random;
        socket.setSoTimeout((int) PATIENCE.toMillis());
    }

    /** Does it on one connection; whatever the server does with that is right, if only its end comes. */
    static void play(Kind kind, int port, Random random) throws InterruptedException {
        try (var client = new HostileClient(port, random)) {
            client.play(kind);
        } catch (IOException closed) {
            // by the server, before all was sent
        }
    }

    /** All that the server says to it until it ends the connection. */
    static String answer(Kind kind, int port) throws IOException, InterruptedException {
        try (var client = new HostileClient(port, new Random(0))) {
            client.begin(kind);
            return new String(client.socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    private void play(Kind kind) throws IOException, InterruptedException {
        begin(kind);
        if (kind != Kind.UNREAD_PIPELINE) {
            awaitEnd();
        }
    }

    private void begin(Kind kind) throws IOException, InterruptedException {
        switch (kind) {
            case UNFINISHED_BODY -> {
                write(head("POST /x", LONG, JSON, "Content-Length: 1048576"));
                writeOften(15, "a".repeat(64 * 1024));
            }
            case UNFINISHED_CHUNKS -> {
                write(head("POST /x", LONG, JSON, "Transfer-Encoding: chunked"));
                writeOften(20, "1\r\na\r\n".repeat(2_000));
            }
            case UNFINISHED_HEAD -> {
                write("GET /x HTTP/1.1\r\nHost: x\r\n");
                writeOften(30, "X-Any: " + "a".repeat(8 * 1024) + "\r\n");
            }
            case SLOW_HEAD -> {
                write("GET /x HTTP/1.1\r\nHost: x\r\n");
                while (true) {
                    write("a:\r\n");
                    Thread.sleep(50);
                }
            }
            case STALLED_BODY -> write(head("POST /x", "Content-Length: 10") + "a");
            case JUNK_PATHS -> {
                for (int i = 0; i < 20; i++) {
                    write(head("GET /" + Long.toString(random.nextLong(), 36)));
                }
                write(head("GET /q/../" + random.nextInt(), LAST));
            }
            case JUNK_METHODS -> {
                for (int i = 0; i < 20; i++) {
                    write(head("X" + Long.toString(random.nextLong(Long.MAX_VALUE), 36) + " /products/all"));
                }
                write(head("x".repeat(10_000) + " /products/all", LAST));
            }
            case DEEP_JSON -> sendJson("[".repeat(60_000));
            case WIDE_JSON ->
                sendJson(
                        switch (random.nextInt(3)) {
                            case 0 -> "{\"products\":[" + "{},".repeat(20_000) + "{}]}";
                            case 1 -> "{\"products\":[" + "null,".repeat(12_000) + "null]}";
                            default -> "{" + "\"a\":1,".repeat(8_000) + "\"amount\":\"x\"}";
                        });
            case HALF_CLOSED_STREAM -> {
                write(head("GET /ops/resilience/stream", "Accept: text/event-stream"));
                socket.shutdownOutput();
            }
            case UNREAD_PIPELINE -> {
                write(head("GET /q/openapi").repeat(2_000));
                Thread.sleep(5_000);
            }
            case TWO_LENGTHS ->
                write(head("POST /x", "Content-Length: 4", "Transfer-Encoding: chunked") + "0\r\n\r\n"
                        + head("GET /x"));
        }
    }

    private void sendJson(String body) throws IOException {
        String length = "Content-Length: " + body.length();
        String key = "request_id=h" + random.nextInt();
        write(head("POST /api/v1/orders/?" + key, JSON, length) + body);
        write(head("POST /users/1/wallet/top-ups?" + key, JSON, length) + body);
        write(head("PUT /users/1/cart/1", JSON, length, LAST) + body);
    }

    private static String head(String request, String... headers) {
        String rest = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return request + " HTTP/1.1\r\nHost: x\r\n" + rest + "\r\n";
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private void writeOften(int times, String text) throws IOException {
        byte[] bytes = text.getBytes(US_ASCII);
        for (int i = 0; i < times; i++) {
            socket.getOutputStream().write(bytes);
        }
    }

    private void awaitEnd() throws IOException {
        InputStream in = socket.getInputStream();
        byte[] into = new byte[8 * 1024];
        while (in.read(into) >= 0) {
            // until it is closed
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

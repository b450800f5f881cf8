package org.vitrina.bff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.vitrina.testing.StallMeter;

/** A caller of the BFF who looks at the clock. */
final class Shop {
    /** For a test's JVM: the answer's way through sockets and threads, and what the machine lost meanwhile comes on top. */
    private static final Duration SLACK = Duration.ofMillis(250);

    /** Half of the budget: what answers at once is far below it. */
    private static final Duration SLOW = Duration.ofSeconds(1);

    private final URI base;
    private final HttpClient http;

    Shop(URI base) {
        this(base, HttpClient.newHttpClient());
    }

    private Shop(URI base, HttpClient http) {
        this.base = base;
        this.http = http;
    }

    /** One who asks from this address of the machine. */
    static Shop from(String address, URI base) throws UnknownHostException {
        return new Shop(
                base,
                HttpClient.newBuilder()
                        .localAddress(InetAddress.getByName(address))
                        .build());
    }

    /**
     * An answer and how long it took.
     *
     * @param lost of that, what the machine lost (see {@link StallMeter})
     */
    record Answer(int status, HttpHeaders headers, String body, Duration took, Duration lost) {
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        JsonObject json() {
            return new JsonObject(body);
        }

        /** The degraded parts as they stand in the answer. */
        String degraded() {
            return json().getJsonArray("degraded").encode();
        }

        Answer is(int expected) {
            assertThat(status).as(body).isEqualTo(expected);
            return this;
        }

        /** Out within this time and the 50 ms of the contract. */
        Answer within(Duration limit) {
            assertThat(took)
                    .as(body)
                    .isLessThan(limit.plusMillis(50).plus(SLACK).plus(lost));
            return this;
        }

        Answer notBefore(Duration limit) {
            assertThat(took).as(body).isGreaterThanOrEqualTo(limit);
            return this;
        }
    }

    Answer get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    /**
     * A page as a browser gets it. Where the machine stands still a page's budget may be over before its parts are there:
     * one that took nearly as long is asked for again.
     */
    String html(String path) {
        Answer answer = get(path, "Accept", "text/html").is(200);
        for (int tries = 1; tries < 5 && answer.took().compareTo(SLOW) > 0; tries++) {
            answer = get(path, "Accept", "text/html").is(200);
        }
        return answer.body();
    }

    Answer send(String method, String path, @Nullable String body, String... headers) {
        return start(method, path, body, headers).join();
    }

    /** So many of the same at once. */
    List<Answer> together(int count, String path, String... headers) {
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(start("GET", path, null, headers));
        }
        return calls.stream().map(CompletableFuture::join).toList();
    }

    CompletableFuture<Answer> start(String method, String path, @Nullable String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base.resolve("/") + path.substring(1)))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(10))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        long start = System.nanoTime();
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> answer(response, start));
    }

    private static Answer answer(HttpResponse<String> response, long start) {
        long end = System.nanoTime();
        return new Answer(
                response.statusCode(),
                response.headers(),
                response.body(),
                Duration.ofNanos(end - start),
                StallMeter.lostBetween(start, end));
    }

    /** A caller who asks and leaves, without an answer, once this is so. */
    void askAndLeave(String path, Callable<Boolean> leaving) throws IOException {
        try (Socket caller = ask(path)) {
            await().pollInterval(Duration.ofMillis(10)).until(leaving);
            assertThat(caller.getInputStream().available()).isZero();
        }
    }

    /** A caller on a bare connection. */
    Socket ask(String path, String... headerLines) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), base.getPort());
        socket.setSoTimeout(5_000);
        String lines = headerLines.length == 0 ? "" : String.join("\r\n", headerLines) + "\r\n";
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: bff\r\n" + lines + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}

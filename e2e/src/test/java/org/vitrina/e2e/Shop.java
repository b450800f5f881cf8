package org.vitrina.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.vitrina.testing.StallMeter;

/** A customer of one BFF. */
final class Shop {
    /** Has three lines in the cart and three favorites in the demo data. */
    private static final int USER = 1;
    /** A page of twenty products: the faults are the same with a hundred, the work is not. */
    private static final String PAGE = "/products/all?limit=20&user_id=" + USER;

    private static final Duration POLL = Duration.ofMillis(20);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI root;

    Shop(String root) {
        this.root = URI.create(root);
    }

    /** The shop page. */
    Page page() {
        return pages(1).getFirst();
    }

    /** Many shop pages, asked for at once. */
    List<Page> pages(int count) {
        return pagesInARow(count, Duration.ZERO);
    }

    /** Many shop pages, each asked for a little after the one before, whether that is there or not. */
    List<Page> pagesInARow(int count, Duration stagger) {
        List<CompletableFuture<Page>> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            asked.add(ask());
            pause(stagger);
        }
        return asked.stream().map(CompletableFuture::join).toList();
    }

    /** Asks for the shop page. */
    CompletableFuture<Page> ask() {
        HttpRequest request = HttpRequest.newBuilder(root.resolve(PAGE))
                .timeout(Duration.ofSeconds(10))
                .build();
        long start = System.nanoTime();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(response -> {
            long end = System.nanoTime();
            return new Page(
                    response.statusCode(),
                    response.headers(),
                    response.body(),
                    Duration.ofNanos(end - start),
                    StallMeter.lostBetween(start, end));
        });
    }

    /** Asks for the shop page on a connection of the test's own, which it may close when it likes. */
    Socket askByHand() throws IOException {
        Socket socket = new Socket(root.getHost(), root.getPort());
        socket.getOutputStream()
                .write(("GET " + PAGE + " HTTP/1.1\r\nHost: shop\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Any other answer of the BFF. */
    HttpResponse<String> get(String path) {
        return get(http, root.resolve(path));
    }

    /** Sends a form as a browser without script does; where it leads then. */
    String form(String path, String fields) {
        return send(
                        http,
                        HttpRequest.newBuilder(root.resolve(path))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(fields)))
                .headers()
                .firstValue("Location")
                .orElse("nowhere");
    }

    static HttpResponse<String> get(HttpClient http, URI uri) {
        return send(http, HttpRequest.newBuilder(uri));
    }

    private static HttpResponse<String> send(HttpClient http, HttpRequest.Builder builder) {
        HttpRequest request = builder.timeout(Duration.ofSeconds(10)).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(request.uri() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until pages are complete and stay so; fails when that takes longer. */
    void awaitComplete(Duration timeout) {
        long start = System.nanoTime();
        long end = start + timeout.toNanos();
        Page page = page();
        int inARow = 0;
        while (true) {
            inARow = page.label().equals(Page.COMPLETE) ? inARow + 1 : 0;
            if (inARow == 2) {
                return;
            }
            if (inARow == 0) {
                long late = System.nanoTime() - end;
                assertThat(late
                                - StallMeter.lostBetween(start, System.nanoTime())
                                        .toNanos())
                        .as("no complete page within %s, but %s", timeout, page)
                        .isNegative();
                pause(POLL);
            }
            page = page();
        }
    }

    /** Lets time pass. */
    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

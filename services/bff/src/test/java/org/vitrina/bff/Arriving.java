package org.vitrina.bff;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/** An answer that is looked at while it comes. */
final class Arriving implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final InputStream body;
    private final StringBuilder come = new StringBuilder();

    private Arriving(HttpResponse<InputStream> response) throws IOException {
        this.response = response;
        this.body = response.headers().firstValue("Content-Encoding").orElse("").equals("gzip")
                ? new GZIPInputStream(response.body(), 64)
                : response.body();
    }

    static Arriving of(URI url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).version(HttpClient.Version.HTTP_1_1);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Arriving(
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** Reads on until this has come; all that has come by then. */
    String until(String text) {
        byte[] one = new byte[1];
        var bytes = new java.io.ByteArrayOutputStream();
        try {
            bytes.write(come.toString().getBytes(StandardCharsets.UTF_8));
            while (!bytes.toString(StandardCharsets.UTF_8).contains(text)) {
                do {
                    if (body.read(one) < 0) {
                        throw new AssertionError(
                                "it ended without " + text + ":\n" + bytes.toString(StandardCharsets.UTF_8));
                    }
                    bytes.write(one[0]);
                } while (one[0] != '\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        come.setLength(0);
        return come.append(bytes.toString(StandardCharsets.UTF_8)).toString();
    }

    /** Reads to the end. */
    String all() {
        until("</html>");
        return come.toString();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}

package org.vitrina.e2e.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Calls of the proof, blocking, whose answer may never come. */
final class Http {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** An answer, or that none came: then status is 0 and nobody knows what was done. */
    record Answer(int status, String body, Optional<String> etag) {
        static final Answer NONE = new Answer(0, "", Optional.empty());

        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("no JSON: " + body, e);
            }
        }

        /** True where the caller must repeat to learn what was done. */
        boolean unknown() {
            return status == 0
                    || status == 503
                    || status == 504
                    || (status == 409 && body.contains("request-in-progress"));
        }

        @Override
        public String toString() {
            return status + " " + body;
        }
    }

    Answer get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT));
    }

    Answer put(String url, String body) {
        return send(json(url).PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    Answer delete(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).DELETE());
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(), response.body(), response.headers().firstValue("ETag"));
        } catch (IOException lost) {
            return Answer.NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.NONE;
        }
    }

    static HttpRequest.Builder json(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).header("Content-Type", "application/json");
    }
}

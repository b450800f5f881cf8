package org.vitrina.identity;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.vitrina.runtime.OwnContext;

/** Questions to a provider: each has an end, in time and in size, whatever is sent as its answer; none is sent twice. */
final class ProviderHttp {
    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_MILLIS = 2_000;

    private final Vertx vertx;
    private final HttpClient http;

    ProviderHttp(Vertx vertx) {
        this.vertx = vertx;
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(MOST_MILLIS).setKeepAlive(false));
    }

    /** What was answered; it may be a secret. */
    record Answer(int status, String text) {
        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }

    Uni<Answer> get(String url, String accept) {
        return send(url, HttpMethod.GET, Map.of("Accept", accept), HttpClientRequest::send);
    }

    /** @param headers beside those of the form */
    Uni<Answer> post(String url, Map<String, String> form, Map<String, String> headers) {
        String body = form.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return send(url, HttpMethod.POST, headers, asked -> asked.send(Buffer.buffer(body)));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Uni<Answer> send(
            String url,
            HttpMethod method,
            Map<String, String> headers,
            Function<HttpClientRequest, Future<HttpClientResponse>> sent) {
        return OwnContext.call(
                        vertx, () -> Uni.createFrom().completionStage(() -> http.request(request(url, method, headers))
                                .compose(asked -> sent.apply(asked).compose(ProviderHttp::whole))
                                .toCompletionStage()))
                // the client's own limit is on silence: who sends a byte now and then would hold us for ever
                .ifNoItem()
                .after(Duration.ofMillis(2L * MOST_MILLIS))
                .failWith(() -> new IllegalStateException("no whole answer within " + 2 * MOST_MILLIS + " ms"));
    }

    private static RequestOptions request(String url, HttpMethod method, Map<String, String> headers) {
        RequestOptions request =
                new RequestOptions().setMethod(method).setAbsoluteURI(url).setTimeout(MOST_MILLIS);
        headers.forEach(request::putHeader);
        return request;
    }

    private static Future<Answer> whole(HttpClientResponse answer) {
        Promise<Answer> whole = Promise.promise();
        Buffer read = Buffer.buffer();
        answer.exceptionHandler(whole::tryFail);
        answer.endHandler(end -> whole.tryComplete(new Answer(answer.statusCode(), read.toString())));
        answer.handler(chunk -> {
            if (read.length() + chunk.length() <= MOST_BYTES) {
                read.appendBuffer(chunk);
            } else if (whole.tryFail("an answer of more than " + MOST_BYTES + " bytes")) {
                answer.request().reset();
            }
        });
        return whole.future();
    }
}

package org.vitrina.identity;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.vitrina.runtime.OwnContext;

/** A service's token of a provider: OAuth 2.0's client credentials (RFC 6749, 4.4), the client known by its secret. */
final class ClientCredentials implements ServiceTokens.TokenOrigin {
    private static final int MOST_MILLIS = 2_000;
    private static final long USUAL_SECONDS = 60;

    private final Vertx vertx;
    private final HttpClient http;
    private final RequestOptions request;

    ClientCredentials(Vertx vertx, String url, String clientId, String secret) {
        this.vertx = vertx;
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(MOST_MILLIS).setKeepAlive(false));
        String pair = URLEncoder.encode(clientId, StandardCharsets.UTF_8) + ":"
                + URLEncoder.encode(secret, StandardCharsets.UTF_8);
        this.request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(url)
                .setTimeout(MOST_MILLIS)
                .putHeader("Content-Type", "application/x-www-form-urlencoded")
                .putHeader("Accept", "application/json")
                .putHeader(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public Uni<ServiceTokens.Held> get() {
        return OwnContext.call(
                        vertx, () -> Uni.createFrom().completionStage(() -> http.request(new RequestOptions(request))
                                .compose(asked -> asked.send(Buffer.buffer("grant_type=client_credentials")))
                                .compose(ClientCredentials::token)
                                .toCompletionStage()))
                .ifNoItem()
                .after(Duration.ofMillis(2L * MOST_MILLIS))
                .fail();
    }

    /** Of the answer nothing gets into a log: it is a secret, or tells of one. */
    private static Future<ServiceTokens.Held> token(HttpClientResponse answer) {
        return answer.body().compose(body -> {
            if (answer.statusCode() != 200) {
                return Future.failedFuture("the provider answers with status " + answer.statusCode());
            }
            try {
                JsonObject json = body.toJsonObject();
                String token = json.getString("access_token");
                long seconds = json.getLong("expires_in", USUAL_SECONDS);
                return token == null
                        ? Future.failedFuture("the provider's answer has no access_token")
                        : Future.succeededFuture(
                                new ServiceTokens.Held(token, Instant.now().plusSeconds(seconds)));
            } catch (RuntimeException unreadable) {
                return Future.failedFuture("the provider's answer is no JSON with a token");
            }
        });
    }
}

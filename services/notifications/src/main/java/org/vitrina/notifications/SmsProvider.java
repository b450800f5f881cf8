package org.vitrina.notifications;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The SMS provider outside. Neither call ever fails: whatever happens is a {@link SendOutcome}, since what matters is whether the
 * provider may have the message.
 */
@ApplicationScoped
class SmsProvider {
    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_EARLY = 425;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;
    private static final int LONGEST_PAUSE_ASKED = 60;

    private final HttpClient http;
    private final Vertx vertx;
    private final URI url;
    private final String base;
    private final long timeoutMillis;

    SmsProvider(Vertx vertx, NotificationsConfig config) {
        this.vertx = vertx;
        this.url = config.smsGateway().url();
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        this.base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        // asking and sending must both be over while the message is still ours
        this.timeoutMillis = Math.min(
                config.smsGateway().timeout().toMillis(), config.lease().toMillis() / 3);
        this.http = vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setConnectTimeout((int) timeoutMillis)
                        .setKeepAliveTimeout(20)
                        .setTcpKeepAlive(true))
                .with(new PoolOptions().setHttp1MaxSize(config.parallel()))
                // what breaks a connection is told to its call
                .withConnectHandler(connection -> connection.exceptionHandler(told -> {}))
                .build();
    }

    private record Reply(int status, @Nullable String retryAfter, Buffer body) {}

    /** Hands the message over, under a key by which the provider knows a repetition. */
    Uni<SendOutcome> send(Claimed message) {
        var body = new JsonObject()
                .put("to", message.phone())
                .put("text", message.text())
                .put("client_ref", message.eventId().toString());
        RequestOptions request = request(HttpMethod.POST, "/sms")
                .putHeader("Content-Type", "application/json")
                .putHeader("Idempotency-Key", message.eventId().toString());
        return call(request, body.toBuffer(), SmsProvider::sent);
    }

    private static SendOutcome sent(Reply reply) {
        int status = reply.status();
        if (status >= OK && status < MULTIPLE_CHOICES) {
            return accepted(reply.body());
        }
        String reason = "the provider answered " + status;
        if (status == TOO_MANY || status == UNAVAILABLE || status == TOO_EARLY) {
            return new SendOutcome.Away(reason, pause(reply.retryAfter()));
        }
        if (status >= SERVER_ERROR || status == REQUEST_TIMEOUT || status < BAD_REQUEST) {
            return new SendOutcome.Unknown(reason, true);
        }
        return new SendOutcome.Refused(reason);
    }

    private static SendOutcome accepted(Buffer body) {
        try {
            return new SendOutcome.Accepted(String.valueOf(body.toJsonObject().getValue("id")));
        } catch (DecodeException e) {
            return new SendOutcome.Accepted("unnamed");
        }
    }

    /** Asks whether the provider has the message; {@link SendOutcome.Absent} if not. */
    Uni<SendOutcome> ask(Claimed message) {
        String reference = URLEncoder.encode(message.eventId().toString(), StandardCharsets.UTF_8);
        return call(request(HttpMethod.GET, "/sms?client_ref=" + reference), null, SmsProvider::told);
    }

    private static SendOutcome told(Reply reply) {
        if (reply.status() == NOT_FOUND) {
            return new SendOutcome.Absent();
        }
        if (reply.status() != OK) {
            return new SendOutcome.Unknown("the provider answered a question with " + reply.status(), false);
        }
        try {
            JsonArray messages = reply.body().toJsonArray();
            return messages.isEmpty()
                    ? new SendOutcome.Absent()
                    : new SendOutcome.Accepted(
                            String.valueOf(messages.getJsonObject(0).getValue("id")));
        } catch (DecodeException | ClassCastException e) {
            return new SendOutcome.Unknown("the provider's answer cannot be read", false);
        }
    }

    private static @Nullable Duration pause(@Nullable String retryAfter) {
        if (retryAfter == null || !retryAfter.matches("[0-9]{1,5}")) {
            return null;
        }
        return Duration.ofSeconds(Math.min(LONGEST_PAUSE_ASKED, Integer.parseInt(retryAfter)));
    }

    private RequestOptions request(HttpMethod method, String path) {
        boolean ssl = "https".equals(url.getScheme());
        return new RequestOptions()
                .setMethod(method)
                .setHost(url.getHost())
                .setPort(url.getPort() > 0 ? url.getPort() : ssl ? 443 : 80)
                .setSsl(ssl)
                .setURI(base + path);
    }

    private Uni<SendOutcome> call(RequestOptions options, @Nullable Buffer body, Function<Reply, SendOutcome> meaning) {
        return Uni.createFrom().emitter(emitter -> {
            var call = new Call(emitter::complete);
            long timer = vertx.setTimer(timeoutMillis, fired -> call.late());
            http.request(options).onComplete(connected -> {
                if (connected.failed()) {
                    vertx.cancelTimer(timer);
                    // nothing was written
                    call.end(new SendOutcome.Away("the provider cannot be reached: " + connected.cause(), null));
                } else if (call.ended) {
                    connected.result().exceptionHandler(gone -> {}).reset();
                } else {
                    call.request = connected.result();
                    var response = body == null
                            ? connected.result().send()
                            : connected.result().send(body);
                    response.compose(head -> head.body()
                                    .map(whole -> new Reply(head.statusCode(), head.getHeader("Retry-After"), whole)))
                            .onComplete(answer -> {
                                vertx.cancelTimer(timer);
                                call.end(
                                        answer.succeeded()
                                                ? meaning.apply(answer.result())
                                                : new SendOutcome.Unknown(
                                                        "the connection broke: " + answer.cause(), false));
                            });
                }
            });
        });
    }

    /** One request, which ends once; on its event loop. */
    private static final class Call {
        private final Consumer<SendOutcome> listener;
        private @Nullable HttpClientRequest request;
        private boolean ended;

        Call(Consumer<SendOutcome> listener) {
            this.listener = listener;
        }

        void end(SendOutcome outcome) {
            if (!ended) {
                ended = true;
                listener.accept(outcome);
            }
        }

        void late() {
            if (request == null) {
                end(new SendOutcome.Away("no connection to the provider in time", null));
                return;
            }
            end(new SendOutcome.Unknown("the provider did not answer in time", false));
            request.reset();
        }
    }
}

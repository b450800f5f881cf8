package org.vitrina.client;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;

/**
 * HTTP/1.1 to one dependency over Vert.x, for routes where a declared REST client costs more than the call (about 120 µs of
 * CPU to 20 µs). Connections and waiting calls are bounded; a cancelled call closes its connection.
 */
public final class HttpTransport {
    private static final CharSequence DEADLINE = io.vertx.core.http.HttpHeaders.createOptimized(Deadline.HEADER);
    private static final CharSequence REQUEST_ID = io.vertx.core.http.HttpHeaders.createOptimized("X-Request-Id");
    private static final CharSequence TRACEPARENT = io.vertx.core.http.HttpHeaders.createOptimized("traceparent");

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final HttpClient http;
    private final String host;
    private final int port;
    private final boolean ssl;
    private final String basePath;
    private final int maxAnswerBytes;

    /**
     * Bounds of a transport.
     *
     * @param maxConnections connections open at once
     * @param maxWaiting calls that may wait for a connection; one more is refused as {@link Reason#OVERLOADED}
     * @param maxAnswerBytes an answer larger than this fails
     */
    public record Limits(int maxConnections, int maxWaiting, int maxAnswerBytes, Duration connectTimeout) {}

    /** @param url {@code http(s)://host[:port][/base]} */
    public HttpTransport(Vertx vertx, URI url, Limits limits) {
        this.ssl = "https".equals(url.getScheme());
        this.host = url.getHost();
        this.port = url.getPort() > 0 ? url.getPort() : ssl ? 443 : 80;
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        this.basePath = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        this.maxAnswerBytes = limits.maxAnswerBytes();
        var options = new HttpClientOptions()
                .setDefaultHost(host)
                .setDefaultPort(port)
                .setSsl(ssl)
                .setConnectTimeout((int) limits.connectTimeout().toMillis())
                .setKeepAliveTimeout(30)
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setTracingPolicy(io.vertx.core.tracing.TracingPolicy.IGNORE)
                .setDecompressionSupported(false);
        this.http = vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions()
                        .setHttp1MaxSize(limits.maxConnections())
                        .setMaxWaitQueueSize(limits.maxWaiting()))
                // What breaks a connection is told to its call; Vert.x would log it as an error once more.
                .withConnectHandler(connection -> connection.exceptionHandler(told -> {}))
                .build();
    }

    /** A GET of {@code path}, which starts with a slash. Fails with a {@link CallFailure} for 5xx and broken answers. */
    public Uni<Reply> get(CallScope scope, String path) {
        return send(scope, HttpMethod.GET, path, Map.of(), null);
    }

    /** Any request, with JSON where there is some; see {@link #get}. */
    public Uni<Reply> send(CallScope scope, HttpMethod method, String path, @Nullable String json) {
        return send(scope, method, path, json == null ? Map.of() : JSON, json == null ? null : Buffer.buffer(json));
    }

    Uni<Reply> send(
            CallScope scope, HttpMethod method, String path, Map<String, String> headers, @Nullable Buffer body) {
        return Uni.createFrom().emitter(emitter -> new Exchange(emitter, scope).start(method, path, headers, body));
    }

    /**
     * The server-sent events of {@code path}. The stream completes when the other side ends it, fails with a
     * {@link CallFailure} where there is none, and gives its connection back when it is cancelled. A reader that is too
     * slow misses all but the newest event.
     */
    public Multi<ServerSentEvent> events(CallScope.Carried carried, String path, Map<String, String> headers) {
        return Multi.createFrom()
                .emitter(emitter -> readEvents(emitter, carried, path, headers), BackPressureStrategy.LATEST);
    }

    private void readEvents(
            MultiEmitter<? super ServerSentEvent> emitter,
            CallScope.Carried carried,
            String path,
            Map<String, String> headers) {
        RequestOptions options = options(HttpMethod.GET, path, carried).putHeader("Accept", "text/event-stream");
        headers.forEach(options::putHeader);
        AtomicBoolean ended = new AtomicBoolean();
        http.request(options)
                .compose(request -> {
                    emitter.onTermination(() -> {
                        if (!ended.getAndSet(true)) {
                            request.reset();
                        }
                    });
                    return ended.get() ? request.response() : request.send();
                })
                .onComplete(answered -> {
                    if (ended.get()) {
                        return; // its reader has left: nobody is to be told what that broke
                    }
                    if (answered.failed() || answered.result().statusCode() != 200) {
                        String why = answered.failed()
                                ? answered.cause().getMessage()
                                : "status " + answered.result().statusCode();
                        emitter.fail(new CallFailure.Final(Reason.ERROR, "no events: " + why, answered.cause()));
                        return;
                    }
                    HttpClientResponse response = answered.result();
                    EventReader reader = new EventReader(maxAnswerBytes, emitter::emit, emitter::fail);
                    response.exceptionHandler(broken -> {
                        if (!ended.get()) {
                            emitter.fail(broken);
                        }
                    });
                    response.endHandler(end -> {
                        ended.set(true);
                        emitter.complete();
                    });
                    response.handler(reader::read);
                });
    }

    public void close() {
        http.close();
    }

    private RequestOptions options(HttpMethod method, String path, CallScope.Carried carried) {
        var options = new RequestOptions()
                .setMethod(method)
                .setHost(host)
                .setPort(port)
                .setSsl(ssl)
                .setURI(basePath.isEmpty() ? path : basePath + path);
        if (carried.requestId() != null) {
            options.putHeader(REQUEST_ID, carried.requestId());
        }
        if (carried.traceparent() != null) {
            options.putHeader(TRACEPARENT, carried.traceparent());
        }
        return options;
    }

    /** One request and its answer; ends once, by answer, failure or cancel. */
    private final class Exchange {
        private final UniEmitter<? super Reply> emitter;
        private final CallScope scope;
        private @Nullable HttpClientRequest request;
        private boolean done;

        Exchange(UniEmitter<? super Reply> emitter, CallScope scope) {
            this.emitter = emitter;
            this.scope = scope;
        }

        void start(HttpMethod method, String path, Map<String, String> headers, @Nullable Buffer body) {
            emitter.onTermination(this::cancel);
            var options = options(method, path, scope.carried())
                    .putHeader(
                            DEADLINE, Long.toString(Math.max(1, scope.deadline().millisForNextHop())));
            if (!headers.isEmpty()) {
                headers.forEach(options::putHeader);
            }
            http.request(options).onComplete(connected -> {
                if (connected.failed()) {
                    fail(connected.cause());
                } else if (done) {
                    // nobody listens any more, and Vert.x would log that
                    connected.result().exceptionHandler(gone -> {}).reset();
                } else {
                    send(connected.result(), body);
                }
            });
        }

        private void send(HttpClientRequest ready, @Nullable Buffer body) {
            request = ready;
            var response = body == null ? ready.send() : ready.send(body);
            response.onComplete(answered -> {
                if (answered.succeeded()) {
                    read(answered.result());
                } else {
                    fail(answered.cause());
                }
            });
        }

        private void read(HttpClientResponse response) {
            var collected = new Collected(response);
            response.handler(collected::add);
            response.exceptionHandler(this::fail);
            response.endHandler(end -> {
                if (done) {
                    return;
                }
                finish();
                if (response.statusCode() >= 500) {
                    // Not before its end: until then the connection is in use, and only a call under way is cancelled.
                    emitter.fail(new CallFailure.Retryable("status " + response.statusCode(), null));
                } else {
                    emitter.complete(new Reply(response.statusCode(), response.headers(), collected.body));
                }
            });
        }

        private void fail(Throwable cause) {
            if (done) {
                return;
            }
            finish();
            emitter.fail(CallFailure.ofTransport(cause));
        }

        private void finish() {
            done = true;
        }

        private void cancel() {
            if (!done) {
                finish();
                if (request != null) {
                    request.reset();
                }
            }
        }

        /** The body so far; one chunk, the usual case, is not copied. */
        private final class Collected {
            private final HttpClientResponse response;
            private Buffer body = Buffer.buffer();
            private boolean own;

            Collected(HttpClientResponse response) {
                this.response = response;
            }

            void add(Buffer chunk) {
                if (done) {
                    return;
                }
                if (body.length() + chunk.length() > maxAnswerBytes) {
                    finish();
                    response.request().reset();
                    emitter.fail(new CallFailure.Final(
                            Reason.ERROR, "an answer larger than " + maxAnswerBytes + " bytes", null));
                } else if (body.length() == 0) {
                    body = chunk;
                } else {
                    if (!own) {
                        body = Buffer.buffer(body.length() + chunk.length()).appendBuffer(body);
                        own = true;
                    }
                    body.appendBuffer(chunk);
                }
            }
        }
    }
}

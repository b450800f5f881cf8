package org.vitrina.client;

import io.netty.util.concurrent.MultithreadEventExecutorGroup;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.HttpClientInternal;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;
import org.vitrina.discovery.Replicas;

/**
 * HTTP/1.1 to one dependency over Vert.x, for routes where a declared REST client costs more than the call (about 120 µs of
 * CPU to 20 µs), and for who is not to be trusted with our memory: an answer that is too large is not read to its end.
 * Connections and waiting calls are bounded; a cancelled call closes its connection.
 */
public final class HttpTransport {
    private static final CharSequence DEADLINE = io.vertx.core.http.HttpHeaders.createOptimized(Deadline.HEADER);
    private static final CharSequence REQUEST_ID = io.vertx.core.http.HttpHeaders.createOptimized("X-Request-Id");
    private static final CharSequence TRACEPARENT = io.vertx.core.http.HttpHeaders.createOptimized("traceparent");
    private static final CharSequence VARIANT = io.vertx.core.http.HttpHeaders.createOptimized(Release.HEADER);
    private static final CharSequence AUTHORIZATION = io.vertx.core.http.HttpHeaders.AUTHORIZATION;

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    /** Connections that take turns: enough for each of a few instances behind a balancer to have its share. */
    private static final int IN_TURN = 24;

    private final HttpClientInternal http;
    private final Endpoints endpoints;
    private final boolean ssl;
    private final String basePath;
    private final int maxAnswerBytes;

    /**
     * Bounds of a transport.
     *
     * @param maxConnections connections open at once, shared out evenly among the event loops, to each at least one
     * @param maxWaiting calls that may wait for a connection, shared out as well; one more is refused as {@link
     *     Reason#OVERLOADED}
     * @param maxAnswerBytes an answer larger than this fails
     * @param connectionAge after which a connection is closed, give or take a fifth
     */
    public record Limits(
            int maxConnections, int maxWaiting, int maxAnswerBytes, Duration connectTimeout, Duration connectionAge) {}

    /** @param url {@code http(s)://host[:port][/base]} */
    public HttpTransport(Vertx vertx, URI url, Limits limits) {
        this(vertx, url, limits, null);
    }

    /** @param replicas where calls go, in place of the URL's host; its path counts all the same */
    HttpTransport(Vertx vertx, URI url, Limits limits, @Nullable Replicas replicas) {
        this.ssl = "https".equals(url.getScheme());
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        this.basePath = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        this.maxAnswerBytes = limits.maxAnswerBytes();
        var options = new HttpClientOptions()
                .setSsl(ssl)
                .setConnectTimeout((int) limits.connectTimeout().toMillis())
                .setKeepAliveTimeout(30)
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setTracingPolicy(io.vertx.core.tracing.TracingPolicy.IGNORE)
                .setDecompressionSupported(false);
        this.http = (HttpClientInternal) vertx.httpClientBuilder()
                .with(options)
                // of event streams, each of which has a connection for itself
                .with(new PoolOptions()
                        .setHttp1MaxSize(limits.maxConnections())
                        .setMaxWaitQueueSize(limits.maxWaiting()))
                // What breaks a connection is told to its call; Vert.x would log it as an error once more.
                .withConnectHandler(connection -> connection.exceptionHandler(told -> {}))
                .build();
        Connections.Bounds bounds = new Connections.Bounds(
                        IN_TURN, limits.maxConnections(), limits.maxWaiting(), limits.connectionAge())
                .share(loops());
        int port = url.getPort() > 0 ? url.getPort() : ssl ? 443 : 80;
        this.endpoints = new Endpoints(http, bounds, url.getHost(), port, replicas);
    }

    private int loops() {
        return http.vertx().getEventLoopGroup() instanceof MultithreadEventExecutorGroup group
                ? group.executorCount()
                : 1;
    }

    /** A GET of {@code path}, which starts with a slash. Fails with a {@link CallFailure} for 5xx and broken answers. */
    public Uni<Reply> get(CallScope scope, String path) {
        return send(scope, HttpMethod.GET, path, Map.of(), null);
    }

    /** Any request, with JSON where there is some; see {@link #get}. */
    public Uni<Reply> send(CallScope scope, HttpMethod method, String path, @Nullable String json) {
        return send(scope, method, path, json == null ? Map.of() : JSON, json == null ? null : Buffer.buffer(json));
    }

    /** A request to somebody outside: deadlines and ids of ours are nothing for him, and a status of 5xx is an answer too. */
    public Uni<Reply> sendOutside(
            CallScope scope, HttpMethod method, String path, Map<String, String> headers, @Nullable Buffer body) {
        return exchange(scope, true, method, path, headers, body);
    }

    Uni<Reply> send(
            CallScope scope, HttpMethod method, String path, Map<String, String> headers, @Nullable Buffer body) {
        return exchange(scope, false, method, path, headers, body);
    }

    private Uni<Reply> exchange(
            CallScope scope,
            boolean outside,
            HttpMethod method,
            String path,
            Map<String, String> headers,
            @Nullable Buffer body) {
        HttpTransport to = scope.transport(this);
        String target = to.basePath.isEmpty() ? path : to.basePath + path;
        return Uni.createFrom().emitter(emitter -> {
            Endpoints.Use use = to.endpoints.choose(scope, target);
            if (use == null) {
                emitter.fail(new CallFailure.Retryable("the registry has told no replica yet", null));
            } else {
                to.new Exchange(emitter, scope, use, outside, method, target, headers, body).start();
            }
        });
    }

    /**
     * The server-sent events of {@code path}. The stream completes when the other side ends it, fails with a
     * {@link CallFailure} where there is none, and gives its connection back when it is cancelled. A reader that is too
     * slow misses all but the newest event.
     */
    public Multi<ServerSentEvent> events(CallScope.Carried carried, String path, Map<String, String> headers) {
        return Multi.createFrom()
                .emitter(
                        emitter -> EventRequest.read(http, options(path, carried, headers), maxAnswerBytes, emitter),
                        BackPressureStrategy.LATEST);
    }

    /** The URL by which somebody else asks for the path of this transport's service. */
    URI url(String path, @Nullable String query) {
        HostAndPort at = endpoints.any(path);
        return URI.create((ssl ? "https://" : "http://") + at + basePath + path + (query == null ? "" : "?" + query));
    }

    private RequestOptions options(String path, CallScope.Carried carried, Map<String, String> headers) {
        HostAndPort at = endpoints.any(path);
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(at.host())
                .setPort(at.port())
                .setSsl(ssl)
                .setURI(basePath.isEmpty() ? path : basePath + path);
        if (carried.requestId() != null) {
            options.putHeader(REQUEST_ID, carried.requestId());
        }
        if (carried.traceparent() != null) {
            options.putHeader(TRACEPARENT, carried.traceparent());
        }
        if (carried.authorization() != null) {
            options.putHeader(AUTHORIZATION, carried.authorization());
        }
        options.putHeader("Accept", "text/event-stream");
        headers.forEach(options::putHeader);
        return options;
    }

    public void close() {
        endpoints.close();
        http.close();
    }

    /** One request and its answer; ends once, by answer, failure or cancel. */
    private final class Exchange implements Connections.Caller {
        private final UniEmitter<? super Reply> emitter;
        private final CallScope scope;
        private final boolean outside;
        private final HttpMethod method;
        private final String target;
        private final Map<String, String> headers;
        private final @Nullable Buffer body;
        private final ContextInternal context = http.vertx().getOrCreateContext();
        private final Endpoints.Use use;
        private final Connections ours;
        private Connections.@Nullable Connection connection;
        private @Nullable HttpClientRequest request;
        private volatile boolean done;

        Exchange(
                UniEmitter<? super Reply> emitter,
                CallScope scope,
                Endpoints.Use use,
                boolean outside,
                HttpMethod method,
                String target,
                Map<String, String> headers,
                @Nullable Buffer body) {
            this.emitter = emitter;
            this.scope = scope;
            this.use = use;
            this.ours = use.connections(context.nettyEventLoop());
            this.outside = outside;
            this.method = method;
            this.target = target;
            this.headers = headers;
            this.body = body;
        }

        void start() {
            emitter.onTermination(this::cancel);
            ours.take(this, scope.isHedge());
        }

        @Override
        public ContextInternal context() {
            return context;
        }

        @Override
        public void connected(Connections.Connection given) {
            if (done) {
                ours.giveBack(given);
                return;
            }
            connection = given;
            given.http().createRequest(context).onComplete(made -> {
                if (done) {
                    ours.discard(given);
                } else if (made.succeeded()) {
                    send(made.result());
                } else {
                    failed(made.cause());
                }
            });
        }

        private void send(HttpClientRequest ready) {
            request = ready;
            ready.setMethod(method).setURI(target).authority(use.authority());
            if (!outside) {
                carry(ready);
            }
            if (!headers.isEmpty()) {
                headers.forEach(ready::putHeader);
            }
            var response = body == null ? ready.send() : ready.send(body);
            response.onComplete(answered -> {
                if (answered.succeeded()) {
                    read(answered.result());
                } else {
                    failed(answered.cause());
                }
            });
        }

        private void carry(HttpClientRequest ready) {
            ready.putHeader(DEADLINE, Long.toString(Math.max(1, scope.deadline().millisForNextHop())));
            CallScope.Carried carried = scope.carried();
            if (carried.requestId() != null) {
                ready.putHeader(REQUEST_ID, carried.requestId());
            }
            if (carried.traceparent() != null) {
                ready.putHeader(TRACEPARENT, carried.traceparent());
            }
            if (carried.authorization() != null) {
                ready.putHeader(AUTHORIZATION, carried.authorization());
            }
            String variant = scope.variant();
            if (variant != null) {
                ready.putHeader(VARIANT, variant);
            }
        }

        private void read(HttpClientResponse response) {
            var collected = new Collected(response);
            try {
                response.handler(collected::add);
                response.exceptionHandler(this::failed);
                response.endHandler(end -> ended(response, collected));
            } catch (IllegalStateException over) {
                // Broken off between its head and here: Vert.x has told nobody, and takes no handler any more.
                failed(over);
            }
        }

        private void ended(HttpClientResponse response, Collected collected) {
            if (done) {
                return;
            }
            done = true;
            // Not before the end, not even for 5xx: until then the connection is in use.
            giveBack();
            use.answered(response.statusCode() >= 500);
            if (response.statusCode() >= 500 && !outside) {
                emitter.fail(new CallFailure.Retryable("status " + response.statusCode(), null));
            } else {
                emitter.complete(new Reply(response.statusCode(), response.headers(), collected.body));
            }
        }

        private void giveBack() {
            if (connection != null) {
                ours.giveBack(connection);
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (done) {
                return;
            }
            done = true;
            if (connection != null) {
                ours.discard(connection);
            }
            CallFailure failure = cause instanceof CallFailure known ? known : CallFailure.ofTransport(cause);
            if (failure instanceof CallFailure.Uncounted) {
                use.dropped();
            } else {
                use.answered(true);
            }
            emitter.fail(failure);
        }

        private void cancel() {
            if (!done) {
                done = true;
                use.left();
                ours.onLoop(this::leave);
            }
        }

        private void leave() {
            if (request != null) {
                request.reset();
            } else {
                ours.leave(this);
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
                    done = true;
                    use.dropped();
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

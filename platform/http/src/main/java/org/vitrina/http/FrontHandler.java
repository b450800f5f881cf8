package org.vitrina.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;
import org.vitrina.core.ErrorCode;
import org.vitrina.overload.AdaptiveLimit;
import org.vitrina.overload.EarlyRefusal;
import org.vitrina.overload.Overload;
import org.vitrina.runtime.Lifecycle;

/**
 * The first of ours to see a request, before routing by path and before its body: gives it its ids and deadline, and
 * rejects at once what cannot be served (starting, overloaded, too large, malformed). It runs for every request, so
 * each step is a few field reads or one header look-up.
 */
@Singleton
class FrontHandler implements Handler<RoutingContext> {
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(RequestIds.REQUEST_ID);
    private static final CharSequence TRACEPARENT = HttpHeaders.createOptimized(RequestIds.TRACEPARENT);
    private static final CharSequence DEADLINE = HttpHeaders.createOptimized(Deadline.HEADER);
    private static final CharSequence PROBLEM = HttpHeaders.createOptimized(Problems.MEDIA_TYPE);
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
    private static final CharSequence ONE = HttpHeaders.createOptimized("1");
    private static final String EVENT_STREAM = "text/event-stream";

    /** Before Quarkus' own limit on bodies (-2), which answers without a body and closes. */
    private static final int PRIORITY = 10_000;

    /** " HTTP/1.1" and a blank: what a request line has beside method and target. */
    private static final int LINE_REST = 10;

    private final Problems problems;
    private final ErrorLog errors;
    private final Lifecycle lifecycle;
    private final AdaptiveLimit limit;
    private final boolean limited;
    private final Overload overload;
    private final EarlyRefusal.Gate earlyRefusal = this::earlyRefusal;
    private final RequestIdMaker ids = new RequestIdMaker();
    private final AtomicInteger streams = new AtomicInteger();
    private final int maxStreams;
    private final long defaultDeadlineMillis;
    private final long maxDeadlineMillis;
    private final long maxBody;
    private final long maxDroppedBody;
    private final long maxHeaders;
    private final long maxRequestLine;

    FrontHandler(Problems problems, ErrorLog errors, Lifecycle lifecycle, Overload overload, HttpConfig config) {
        this.problems = problems;
        this.errors = errors;
        this.lifecycle = lifecycle;
        this.limit = overload.adaptive();
        this.limited = overload.enabled();
        this.overload = overload;
        this.maxStreams = config.maxStreams();
        this.defaultDeadlineMillis = config.defaultDeadline().toMillis();
        this.maxDeadlineMillis = config.maxDeadline().toMillis();
        this.maxBody = config.maxBody().asLongValue();
        this.maxDroppedBody = config.maxDroppedBody().asLongValue();
        this.maxHeaders = config.maxHeaders().asLongValue();
        this.maxRequestLine = config.maxRequestLine().asLongValue();
    }

    void register(@Observes Filters filters) {
        filters.register(this, PRIORITY);
    }

    void registerLast(@Observes Router router) {
        router.route().order(Integer.MAX_VALUE - 1).handler(context -> refuse(context, 404));
        router.route().order(-PRIORITY - 1).failureHandler(this::failed);
        for (int status : new int[] {400, 404, 405, 406, 413, 415, 500, 501, 503}) {
            // what the router refuses before any route, such as a target that is no path
            router.errorHandler(status, this::failed);
        }
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (limited
                && request.version() == HttpVersion.HTTP_1_1
                && request.connection() instanceof ConnectionBase one) {
            EarlyRefusal.install(one.channel().pipeline(), earlyRefusal);
        }
        MultiMap headers = request.headers();
        boolean ours = request.path().startsWith("/q/");
        boolean stream = !ours && isStream(headers);
        boolean started = lifecycle.started();
        if (started && !ours && !stream) {
            if (!limited) {
                limit.acquire();
            } else if (!limit.tryAcquire()) {
                reject(context, request, headers);
                return;
            }
            context.addEndHandler(ended -> limit.release());
        }

        String asked = headers.get(REQUEST_ID);
        boolean fromCaller = asked != null && RequestIdMaker.isVisibleAscii(asked);
        String id = fromCaller ? asked : ids.next();
        context.response().putHeader(REQUEST_ID, id);
        String traceparent = traceparent(headers);
        String wanted = headers.get(DEADLINE);
        long millis = defaultDeadlineMillis;
        if (wanted != null) {
            millis = Math.min(maxDeadlineMillis, PathId.digits(wanted));
            if (millis < 1 && isLong(wanted)) {
                millis = maxDeadlineMillis;
            }
        }
        RequestState state = new RequestState(
                id,
                fromCaller,
                traceparent,
                Deadline.in(java.time.Duration.ofMillis(Math.max(1, millis))),
                wanted != null && millis < defaultDeadlineMillis);
        state.attach();

        boolean draining = lifecycle.begun();
        if (draining) {
            announceClose(context);
        } else {
            // the order to end may come while the answer is made; its caller must not send another request this way
            context.addHeadersEndHandler(ready -> {
                if (lifecycle.begun()) {
                    announceClose(context);
                }
            });
        }
        if (ours) {
            if (!tooLarge(context, request, headers)) {
                context.next();
            }
            return;
        }
        if (!started) {
            refuse(
                    context,
                    state,
                    ErrorCode.STARTING,
                    "The service is starting; it waits for what it depends on.",
                    true);
            return;
        }
        if (stream) {
            if (draining || streams.incrementAndGet() > maxStreams) {
                if (!draining) {
                    streams.decrementAndGet();
                }
                refuse(
                        context,
                        state,
                        ErrorCode.OVERLOADED,
                        draining ? "The service is ending." : "As many event streams are open as may be.",
                        true);
                return;
            }
            releaseStreamAtItsEnd(context);
        }
        if (millis < 1) {
            refuse(
                    context,
                    state,
                    ErrorCode.BAD_REQUEST,
                    Deadline.HEADER + " must be a positive integer, the milliseconds left.",
                    false);
            return;
        }
        if (!tooLarge(context, request, headers)) {
            context.next();
        }
    }

    /**
     * What a flood meets first, so it does nothing that the answer does not show: every microsecond here is taken from
     * the requests that are served.
     */
    private void reject(RoutingContext context, HttpServerRequest request, MultiMap headers) {
        String asked = headers.get(REQUEST_ID);
        String id = asked != null && RequestIdMaker.isVisibleAscii(asked) ? asked : ids.next();
        if (lifecycle.begun()) {
            announceClose(context);
        }
        HttpServerResponse response = context.response();
        response.setStatusCode(ErrorCode.OVERLOADED.status());
        response.headers()
                .set(REQUEST_ID, id)
                .set(HttpHeaders.CONTENT_TYPE, PROBLEM)
                .set(RETRY_AFTER, ONE);
        response.end(tooMany(Problems.instance(request), RequestState.traceId(id, traceparent(headers))));
    }

    /** The answer of {@link #reject}, byte for byte, to a request that has not come so far; null when it may come. */
    private @Nullable String earlyRefusal(HttpRequest request) {
        String uri = request.uri();
        if (!lifecycle.started() || lifecycle.begun() || !uri.startsWith("/") || uri.startsWith("/q/")) {
            return null;
        }
        var headers = request.headers();
        String accept = headers.get(HttpHeaderNames.ACCEPT);
        if (accept != null && accept.startsWith(EVENT_STREAM)) {
            return null;
        }
        if (!overload.seesLoad() || !limit.rejects()) {
            return null;
        }
        String asked = headers.get(REQUEST_ID);
        String id = asked != null && RequestIdMaker.isVisibleAscii(asked) ? asked : ids.next();
        String traceparent = headers.get(TRACEPARENT);
        String problem = tooMany(
                path(uri),
                RequestState.traceId(
                        id, traceparent != null && RequestIdMaker.isTraceparent(traceparent) ? traceparent : null));
        return "HTTP/1.1 503 Service Unavailable\r\nx-content-type-options: nosniff\r\n" + REQUEST_ID + ": " + id
                + "\r\ncontent-type: " + PROBLEM + "\r\n"
                + RETRY_AFTER + ": " + ONE + "\r\ncontent-length: " + ByteBufUtil.utf8Bytes(problem) + "\r\n\r\n"
                + problem;
    }

    /** As Vert.x cuts it off a target that is a path. */
    private static String path(String uri) {
        int end = uri.indexOf('?');
        return end < 0 ? uri : uri.substring(0, end);
    }

    private String tooMany(String path, String traceId) {
        return problems.json(
                ErrorCode.OVERLOADED, "More requests than can be served at once.", path, traceId, List.of(), Map.of());
    }

    private static @Nullable String traceparent(MultiMap headers) {
        String traceparent = headers.get(TRACEPARENT);
        return traceparent != null && RequestIdMaker.isTraceparent(traceparent) ? traceparent : null;
    }

    /**
     * By the connection's close too: the framework puts handlers of its own in place of the response's when it sends
     * events, and a reader who vanishes while one is written would keep its place for ever.
     */
    private void releaseStreamAtItsEnd(RoutingContext context) {
        AtomicBoolean open = new AtomicBoolean(true);
        Runnable release = () -> {
            if (open.getAndSet(false)) {
                streams.decrementAndGet();
            }
        };
        context.addEndHandler(ended -> release.run());
        if (context.request().connection() instanceof ConnectionBase connection) {
            connection.channel().closeFuture().addListener(closed -> release.run());
        }
    }

    /** True when it was answered because a part of it is too large. */
    private boolean tooLarge(RoutingContext context, HttpServerRequest request, MultiMap headers) {
        if (request.uri().length() + request.method().name().length() + LINE_REST > maxRequestLine) {
            refuse(context, 414);
            return true;
        }
        long size = 0;
        for (Map.Entry<String, String> header : headers) {
            // name, colon, blank, value, end of line
            size += header.getKey().length() + header.getValue().length() + 4;
        }
        if (size > maxHeaders) {
            refuse(context, 431);
            return true;
        }
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length == null || length.length() < 7) {
            return false;
        }
        long bytes = length.length() > 18 ? Long.MAX_VALUE : Long.parseLong(length);
        if (bytes <= maxBody) {
            return false;
        }
        dropBody(context, request, headers, bytes);
        return true;
    }

    /** Most clients write all before they read: only a body that was taken lets them see the answer. */
    private void dropBody(RoutingContext context, HttpServerRequest request, MultiMap headers, long bytes) {
        if (bytes > maxDroppedBody || headers.contains(HttpHeaderNames.EXPECT)) {
            announceClose(context);
            refuse(context, 413);
            return;
        }
        request.handler(chunk -> {});
        request.endHandler(read -> refuse(context, 413));
        request.resume();
    }

    private void failed(RoutingContext context) {
        if (context.response().ended()) {
            return;
        }
        Throwable thrown = context.failure();
        int status = context.statusCode() >= 400 ? context.statusCode() : 500;
        if (context.response().headWritten()) {
            // too late for an answer: the caller must not take what it has for all
            context.request().connection().close();
            return;
        }
        if (status >= 500 && thrown != null) {
            RequestState state = RequestState.current();
            errors.log(
                    Statuses.code(status),
                    Statuses.detail(Statuses.code(status)),
                    context.request().method().name(),
                    Problems.instance(context.request()),
                    state == null ? "" : state.traceId(),
                    thrown);
        }
        refuse(context, status);
    }

    private void refuse(RoutingContext context, int status) {
        ErrorCode code = Statuses.code(status);
        String detail = status == 413 ? BodyReading.tooLargeDetail(maxBody) : Statuses.detail(code);
        RequestState state = RequestState.current();
        refuse(context, state, code, detail, status == 503);
    }

    private void refuse(
            RoutingContext context, @Nullable RequestState state, ErrorCode code, String detail, boolean retry) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        String traceId;
        if (state == null) {
            String asked = context.request().getHeader(REQUEST_ID);
            traceId = asked != null && RequestIdMaker.isVisibleAscii(asked) ? asked : ids.next();
            // refused before any route, and so before the headers that every answer has
            response.putHeader(REQUEST_ID, traceId).putHeader("x-content-type-options", "nosniff");
        } else {
            traceId = state.traceId();
        }
        response.setStatusCode(code.status()).putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM);
        if (retry) {
            response.putHeader(RETRY_AFTER, ONE);
        }
        response.end(problems.json(code, detail, Problems.instance(context.request()), traceId, List.of(), Map.of()));
    }

    /** Tells the caller that this connection ends with this answer, and ends it. */
    private static void announceClose(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.version() == HttpVersion.HTTP_2) {
            request.connection().goAway(0);
        } else {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            context.addEndHandler(ended -> request.connection().close());
        }
    }

    private static boolean isStream(MultiMap headers) {
        String accept = headers.get(HttpHeaderNames.ACCEPT);
        return accept != null && accept.startsWith(EVENT_STREAM);
    }

    /** A positive integer of more digits than any deadline has. */
    private static boolean isLong(String text) {
        int length = text.length();
        if (length < 10 || length > 100) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return text.charAt(0) != '0';
    }
}

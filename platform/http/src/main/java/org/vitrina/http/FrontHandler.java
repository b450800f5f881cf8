package org.vitrina.http;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.Caller;
import org.vitrina.overload.EarlyAdmission;
import org.vitrina.runtime.Lifecycle;
import org.vitrina.runtime.trace.TraceSpan;

/**
 * The first of ours to see a request, before routing by path and before its body: lets it wait for its turn ({@link
 * Admission}), gives it its ids and deadline, and rejects what cannot be served (starting, too large, malformed). It runs
 * for every request, so each step is a few field reads or one header look-up.
 */
@Singleton
class FrontHandler implements Handler<RoutingContext> {
    /** Before Quarkus' own limit on bodies (-2), which answers without a body and closes. */
    private static final int PRIORITY = 10_000;

    private final Problems problems;
    private final ErrorLog errors;
    private final Lifecycle lifecycle;
    private final Admission admission;
    private final WarmUpRequests warmUp;
    private final BodyTimeLimit bodyTimeLimit;
    private final RequestTraces traces;
    private final AtomicInteger streams = new AtomicInteger();
    private final int maxStreams;
    private final long maxBody;
    private final @Nullable String uploadPath;
    private final long maxUpload;
    private final long maxDroppedBody;
    private final long maxHeaders;
    private final long maxRequestLine;

    FrontHandler(
            Problems problems,
            ErrorLog errors,
            Lifecycle lifecycle,
            Admission admission,
            WarmUpRequests warmUp,
            BodyTimeLimit bodyTimeLimit,
            RequestTraces traces,
            HttpConfig config) {
        this.problems = problems;
        this.errors = errors;
        this.lifecycle = lifecycle;
        this.admission = admission;
        this.warmUp = warmUp;
        this.bodyTimeLimit = bodyTimeLimit;
        this.traces = traces;
        this.maxStreams = config.maxStreams();
        this.maxBody = config.maxBody().asLongValue();
        this.uploadPath = config.uploadPath().map(path -> path + "/").orElse(null);
        this.maxUpload = config.maxUpload().asLongValue();
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
        if (!Admission.isOurs(context)) {
            RequestLabels.begin(context);
        }
        admission.enter(context, this::serve);
    }

    private void serve(RoutingContext context, @Nullable EarlyAdmission connection, long waited) {
        MultiMap headers = context.request().headers();
        boolean ours = Admission.isOurs(context);
        boolean stream = !ours && Admission.isStream(headers);
        String asked = headers.get(Admission.REQUEST_ID);
        String id = admission.id(asked);
        boolean fromCaller = id.equals(asked);
        context.response().putHeader(Admission.REQUEST_ID, id);
        String traceparent = Admission.traceparent(headers);
        String wanted = headers.get(Admission.DEADLINE);
        long millis = admission.deadlineMillis(wanted);
        Duration left = Duration.ofNanos(Math.max(1, millis * Admission.NANOS_A_MILLI - waited));
        boolean shortened = wanted != null && admission.isShort(millis);
        TraceSpan span = ours ? TraceSpan.NONE : traces.begin(context, traceparent, left, waited);
        String carried = span.traceparent();
        RequestState state =
                new RequestState(id, fromCaller, carried == null ? traceparent : carried, Deadline.in(left), shortened);
        state.attach();

        boolean draining = lifecycle.begun();
        if (draining) {
            Admission.announceClose(context, connection);
        } else {
            // the order to end may come while the answer is made; its caller must not send another request this way
            context.addHeadersEndHandler(ready -> {
                if (lifecycle.begun() || (!stream && connection != null && connection.mayLeave())) {
                    Admission.announceClose(context, connection);
                }
            });
        }
        Framing.Fault fault = Admission.fault(context.request());
        if (fault != null) {
            Admission.announceClose(context, connection);
            refuse(context, state, fault.code(), fault.detail(), fault.code().status() == 503);
            return;
        }
        if (ours) {
            if (!tooLarge(context, connection, headers)) {
                context.next();
            }
            return;
        }
        boolean fromUs = !lifecycle.started() && warmUp.asks(headers);
        if (fromUs) {
            Caller.isOurselves();
        } else if (!lifecycle.started()) {
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
        String twice = RepeatedParameters.first(context.request().query());
        if (twice != null) {
            refuse(context, state, ErrorCode.BAD_REQUEST, "The query has " + twice + " more than once.", false);
            return;
        }
        if (headers.contains(HttpHeaderNames.CONTENT_ENCODING)
                && !HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(headers.get(HttpHeaderNames.CONTENT_ENCODING))) {
            context.response().putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
            refuse(
                    context,
                    state,
                    Statuses.code(415),
                    "A body with a Content-Encoding cannot be read here; send it as it is.",
                    false);
            return;
        }
        if (!tooLarge(context, connection, headers)) {
            context.next();
        }
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
        if (context.request().connection() instanceof ConnectionBase connection) {
            GenericFutureListener<Future<Void>> closed = end -> release.run();
            ChannelFuture close = connection.channel().closeFuture();
            close.addListener(closed);
            context.addEndHandler(ended -> {
                release.run();
                // else a connection that asks again and again keeps one for each request
                close.removeListener(closed);
            });
        } else {
            context.addEndHandler(ended -> release.run());
        }
    }

    /** True when it was answered because a part of it is too large. */
    private boolean tooLarge(RoutingContext context, @Nullable EarlyAdmission connection, MultiMap headers) {
        HttpServerRequest request = context.request();
        if (Admission.lineSize(request) > maxRequestLine) {
            refuse(context, 414);
            return true;
        }
        if (Admission.size(headers) > maxHeaders) {
            refuse(context, 431);
            return true;
        }
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length == null) {
            if (Admission.goesBy(request)) {
                dropBody(context, connection, headers, maxBody);
                return true;
            }
            return false;
        }
        long bytes = length.length() > 18 ? Long.MAX_VALUE : Long.parseLong(length);
        if (bytes <= maxBody) {
            return false;
        }
        if (bytes <= maxUpload && isUpload(request)) {
            bodyTimeLimit.startUpload(context);
            return false;
        }
        dropBody(context, connection, headers, bytes);
        return true;
    }

    private boolean isUpload(HttpServerRequest request) {
        return uploadPath != null
                && request.method().equals(HttpMethod.PUT)
                && request.path().startsWith(uploadPath);
    }

    /** Most clients write all before they read: only a body that was taken lets them see the answer. */
    private void dropBody(RoutingContext context, @Nullable EarlyAdmission connection, MultiMap headers, long bytes) {
        HttpServerRequest request = context.request();
        if (bytes > maxDroppedBody || headers.contains(HttpHeaderNames.EXPECT)) {
            Admission.announceClose(context, connection);
            refuse(context, 413);
            return;
        }
        RequestState state = RequestState.current();
        bodyTimeLimit.start(context, state == null ? Deadline.in(Duration.ofSeconds(1)) : state.deadline);
        long[] come = {0};
        request.handler(chunk -> {
            come[0] += chunk.length();
            if (come[0] > maxDroppedBody && !context.response().ended()) {
                Admission.announceClose(context, connection);
                refuse(context, 413);
            }
        });
        request.endHandler(read -> refuse(context, 413));
        request.resume();
    }

    private void failed(RoutingContext context) {
        if (context.response().ended()) {
            return;
        }
        Throwable thrown = context.failure();
        if (thrown instanceof ProblemException problem && !context.response().headWritten()) {
            // by a handler before the routes
            problem.headers().forEach(context.response()::putHeader);
            refuse(context, RequestState.current(), problem.code(), problem.detail(), false);
            return;
        }
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
        String detail = status == 413
                ? BodyReading.tooLargeDetail(isUpload(context.request()) ? maxUpload : maxBody)
                : Statuses.detail(code);
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
            traceId = admission.id(context.request().getHeader(Admission.REQUEST_ID));
            // refused before any route, and so before the headers that every answer has
            response.putHeader(Admission.REQUEST_ID, traceId)
                    .putHeader(Admission.CONTENT_TYPE_OPTIONS, Admission.NO_SNIFFING);
        } else {
            traceId = state.traceId();
        }
        response.setStatusCode(code.status()).putHeader(HttpHeaders.CONTENT_TYPE, Admission.PROBLEM);
        if (retry) {
            response.putHeader(Admission.RETRY_AFTER, Admission.ONE);
        }
        String page = admission.page(context.request(), code);
        if (page != null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, Admission.PAGE).end(page);
            return;
        }
        response.end(problems.json(code, detail, Problems.instance(context.request()), traceId, List.of(), Map.of()));
    }
}

package org.vitrina.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.Jitter;
import org.vitrina.overload.AdaptiveLimit;
import org.vitrina.overload.AdmissionQueue;
import org.vitrina.overload.EarlyAdmission;
import org.vitrina.overload.Overload;
import org.vitrina.overload.WaitingRequest;
import org.vitrina.runtime.Lifecycle;
import org.vitrina.runtime.trace.Traceparent;

/**
 * Who is served now, who waits for a place and who is answered that it is too much: on the way through Vert.x here, and
 * earlier, where that can be, by {@link EarlyAdmission}.
 */
@Singleton
class Admission {
    static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(RequestIds.REQUEST_ID);
    static final CharSequence DEADLINE = HttpHeaders.createOptimized(Deadline.HEADER);
    static final CharSequence PROBLEM = HttpHeaders.createOptimized(Problems.MEDIA_TYPE);
    /** As the configuration has it for every answer that comes by a route. */
    static final String CONTENT_TYPE_OPTIONS = "x-content-type-options";

    static final String NO_SNIFFING = "nosniff";

    static final CharSequence PAGE = HttpHeaders.createOptimized("text/html;charset=UTF-8");

    static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
    static final CharSequence ONE = HttpHeaders.createOptimized("1");
    static final long NANOS_A_MILLI = 1_000_000;

    private static final String TOO_MANY = "More requests than can be answered in time.";
    private static final CharSequence TRACEPARENT = HttpHeaders.createOptimized(RequestIds.TRACEPARENT);
    private static final CharSequence FETCH_MODE = HttpHeaders.createOptimized("Sec-Fetch-Mode");
    private static final String EVENT_STREAM = "text/event-stream";
    private static final CharSequence PREFER = HttpHeaders.createOptimized("Prefer");

    /** What a parked request takes beside its head: objects of Vert.x, the router and the queue. */
    private static final int PARKED_SIZE = 3072;

    /** " HTTP/1.1" and a blank: what a request line has beside method and target. */
    private static final int LINE_REST = 10;

    /** What serves a request. */
    interface Next {
        /**
         * @param connection what its connection keeps; null where it keeps nothing
         * @param waited how long it has waited for its turn, in nanoseconds: its deadline began before
         */
        void serve(RoutingContext context, @Nullable EarlyAdmission connection, long waited);
    }

    private final Problems problems;
    private final RawProblem tooMany;
    private final Lifecycle lifecycle;
    private final Overload overload;
    private final AdaptiveLimit limit;
    private final AdmissionQueue queue;
    private final boolean limited;
    private final boolean crossOrigin;
    private final @Nullable RefusalPages pages;
    private final EarlyAdmission.Gate gate = new Gate();
    private final Duration connectionAge;
    private final RequestIdMaker ids = new RequestIdMaker();
    private final long defaultDeadlineMillis;
    private final long maxDeadlineMillis;
    private final long maxHeaders;
    private final long maxRequestLine;

    Admission(
            Problems problems,
            Lifecycle lifecycle,
            Overload overload,
            HttpConfig config,
            ConnectionConfig connections,
            CrossOrigin crossOrigin,
            Instance<RefusalPages> pages) {
        this.problems = problems;
        this.tooMany = new RawProblem(problems, ErrorCode.OVERLOADED, TOO_MANY);
        this.lifecycle = lifecycle;
        this.overload = overload;
        this.limit = overload.adaptive();
        this.queue = overload.queue();
        this.limited = overload.enabled();
        this.crossOrigin = crossOrigin.isOn();
        this.pages = pages.isResolvable() ? pages.get() : null;
        this.connectionAge = connections.connectionAge();
        this.defaultDeadlineMillis = config.defaultDeadline().toMillis();
        this.maxDeadlineMillis = config.maxDeadline().toMillis();
        this.maxHeaders = config.maxHeaders().asLongValue();
        this.maxRequestLine = config.maxRequestLine().asLongValue();
    }

    /** Has it served, now or when its turn comes, or answers it 503. */
    void enter(RoutingContext context, Next next) {
        HttpServerRequest request = context.request();
        ChannelPipeline pipeline = pipeline(request);
        RequestAssembly assembly = assembly(pipeline);
        EarlyAdmission connection = pipeline == null ? null : connection(pipeline, assembly);
        WaitingRequest admitted = connection == null ? null : connection.takeAdmitted();
        MultiMap headers = request.headers();
        long received = assembly == null ? 0 : assembly.receivedNanos();
        boolean whole = assembly == null || assembly.isWhole();
        if (admitted != null) {
            context.addEndHandler(ended -> queue.end(admitted));
            next.serve(context, connection, System.nanoTime() - admitted.arrivedNanos());
        } else if (!lifecycle.started()
                || !whole
                || (assembly != null && assembly.fault() != null)
                || takesNoPlace(context.normalizedPath())
                || isStream(headers)) {
            // what is not whole is too large, and takes no place while it comes
            next.serve(context, connection, received);
        } else if (!limited) {
            limit.acquire();
            context.addEndHandler(ended -> limit.release());
            next.serve(context, connection, received);
        } else if (queue.tryEnter()) {
            context.addEndHandler(ended -> queue.release());
            next.serve(context, connection, received);
        } else {
            park(context, connection, received, assembly == null ? 0 : assembly.bodySize(), next);
        }
    }

    /** The request's id: the caller's where it may be echoed. */
    String id(@Nullable String asked) {
        return ids.echoOrNext(asked);
    }

    private static @Nullable ChannelPipeline pipeline(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_2 && request.connection() instanceof ConnectionBase one
                ? one.channel().pipeline()
                : null;
    }

    /** Whether its body is too large to be kept, and goes by as it comes. */
    static boolean goesBy(HttpServerRequest request) {
        RequestAssembly assembly = assembly(pipeline(request));
        return assembly != null && !assembly.isWhole();
    }

    /** Why it was not read on; null where it was. */
    static Framing.@Nullable Fault fault(HttpServerRequest request) {
        RequestAssembly assembly = assembly(pipeline(request));
        return assembly == null ? null : assembly.fault();
    }

    private static @Nullable RequestAssembly assembly(@Nullable ChannelPipeline pipeline) {
        return pipeline == null ? null : RequestAssembly.of(pipeline);
    }

    /** What a connection of HTTP/1 keeps, from its first request on. */
    private @Nullable EarlyAdmission connection(ChannelPipeline pipeline, @Nullable RequestAssembly assembly) {
        EarlyAdmission known = EarlyAdmission.of(pipeline);
        return known != null
                ? known
                : EarlyAdmission.install(
                        pipeline,
                        gate,
                        queue,
                        Jitter.aFifthAround(connectionAge).toNanos(),
                        assembly == null ? EarlyAdmission.Reader.PLAIN : assembly);
    }

    /** Lets it wait for its turn. */
    private void park(
            RoutingContext context, @Nullable EarlyAdmission connection, long received, int bodySize, Next next) {
        HttpServerRequest request = context.request();
        MultiMap headers = request.headers();
        long size = size(headers);
        long longest = longestWait(headers.get(DEADLINE));
        if (size > maxHeaders || lineSize(request) > maxRequestLine || longest < 1) {
            next.serve(context, connection, received); // which answers that
            return;
        }
        Context own = Objects.requireNonNull(Vertx.currentContext());
        // what it took to come is of its deadline, and not of the queue's making
        var parked =
                new WaitingRequest(
                        System.nanoTime(),
                        Math.max(1, longest - received / 2),
                        PARKED_SIZE + request.uri().length() + (int) size + bodySize) {
                    @Override
                    protected void admitted() {
                        own.runOnContext(turn -> {
                            if (!context.response().ended()
                                    && !context.response().closed()) {
                                next.serve(context, connection, received + System.nanoTime() - arrivedNanos());
                            }
                        });
                    }

                    @Override
                    protected void refused() {
                        own.runOnContext(turn -> {
                            if (!context.response().ended()
                                    && !context.response().closed()) {
                                reject(context, connection);
                            }
                        });
                    }
                };
        context.addEndHandler(ended -> queue.end(parked));
        if (!queue.offer(parked)) {
            reject(context, connection);
        }
    }

    /** Milliseconds from the request's coming to its deadline; less than 1 where what it names is none. */
    long deadlineMillis(@Nullable String wanted) {
        if (wanted == null) {
            return defaultDeadlineMillis;
        }
        long millis = Math.min(maxDeadlineMillis, PathId.digits(wanted));
        return millis < 1 && isLong(wanted) ? maxDeadlineMillis : millis;
    }

    /** As {@link #deadlineMillis}, for what is not judged yet. */
    long deadlineMillisOrUsual(@Nullable String wanted) {
        long millis = deadlineMillis(wanted);
        return millis < 1 ? defaultDeadlineMillis : millis;
    }

    /** Whether the service would have taken longer by itself. */
    boolean isShort(long millis) {
        return millis < defaultDeadlineMillis;
    }

    /** Half of its deadline, in nanoseconds: the other half is for its answer. */
    private long longestWait(@Nullable String wanted) {
        return deadlineMillis(wanted) * (NANOS_A_MILLI / 2);
    }

    /**
     * What a flood meets first, so it does nothing that the answer does not show: every microsecond here is taken from
     * the requests that are served.
     */
    private void reject(RoutingContext context, @Nullable EarlyAdmission connection) {
        HttpServerRequest request = context.request();
        MultiMap headers = request.headers();
        String id = id(headers.get(REQUEST_ID));
        boolean bodyMayNeverCome = headers.contains(HttpHeaderNames.EXPECT);
        if (lifecycle.begun() || bodyMayNeverCome || (connection != null && connection.mayLeave())) {
            announceClose(context, connection);
        }
        HttpServerResponse response = context.response();
        response.setStatusCode(ErrorCode.OVERLOADED.status());
        response.headers()
                .set(REQUEST_ID, id)
                .set(HttpHeaders.CONTENT_TYPE, PROBLEM)
                .set(RETRY_AFTER, ONE)
                .set(CONTENT_TYPE_OPTIONS, NO_SNIFFING);
        String page = page(request, ErrorCode.OVERLOADED);
        if (page != null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, PAGE).end(page);
            return;
        }
        response.end(tooMany(Problems.instance(request), RequestState.traceId(id, traceparent(headers))));
    }

    /** What a browser is shown in place of this problem; null for the problem. */
    @Nullable
    String page(HttpServerRequest request, ErrorCode code) {
        return pages == null ? null : pages.page(request, code);
    }

    /** What is answered or parked before Vert.x sees it: byte for byte the answer of {@link #reject}. */
    private final class Gate implements EarlyAdmission.Gate {
        @Override
        public boolean takes(HttpRequest request) {
            String uri = request.uri();
            if (!limited
                    || !lifecycle.started()
                    || lifecycle.begun()
                    || !overload.seesLoad()
                    || !uri.startsWith("/")
                    || takesNoPlace(uri)
                    || (crossOrigin && request.headers().contains(HttpHeaderNames.ORIGIN))
                    || uri.length() > maxRequestLine / 2
                    || longestWait(request) < 1) {
                return false;
            }
            String accept = request.headers().get(HttpHeaderNames.ACCEPT);
            return !isStream(accept, request.headers().get(PREFER))
                    && (pages == null
                            || !pages.mayTake(accept, request.headers().get(FETCH_MODE)));
        }

        @Override
        public long longestWait(HttpRequest request) {
            return Admission.this.longestWait(request.headers().get(DEADLINE));
        }

        @Override
        public String refusal(HttpRequest request, boolean last) {
            return tooMany.answer(request, last);
        }
    }

    private String tooMany(String path, String traceId) {
        return problems.json(ErrorCode.OVERLOADED, TOO_MANY, path, traceId, List.of(), Map.of());
    }

    /** Tells the caller that this connection ends with this answer, and ends it. */
    static void announceClose(RoutingContext context, @Nullable EarlyAdmission connection) {
        HttpServerRequest request = context.request();
        if (request.version() == HttpVersion.HTTP_2) {
            request.connection().goAway(0);
            return;
        }
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        if (connection == null) {
            context.addEndHandler(ended -> request.connection().close());
        } else {
            connection.leaveAfterAnswer();
        }
    }

    static @Nullable String traceparent(MultiMap headers) {
        return Traceparent.checked(headers.get(TRACEPARENT));
    }

    /** Whether it is for what Quarkus serves itself, by the path that the router goes by: {@code /q/../products} is not. */
    static boolean isOurs(RoutingContext context) {
        return context.normalizedPath().startsWith("/q/");
    }

    /** What is read from memory as it is: Quarkus' own answers, and the static files of pages. */
    private static boolean takesNoPlace(String path) {
        return path.startsWith("/q/") || path.startsWith("/assets/");
    }

    /** What is held open while nothing happens: an event stream, or a request that waits for a change (RFC 7240, 4.3). */
    static boolean isStream(MultiMap headers) {
        return isStream(headers.get(HttpHeaderNames.ACCEPT), headers.get(PREFER));
    }

    private static boolean isStream(@Nullable String accept, @Nullable String prefer) {
        return (accept != null && accept.startsWith(EVENT_STREAM)) || (prefer != null && prefer.startsWith("wait="));
    }

    static int lineSize(HttpServerRequest request) {
        return request.uri().length() + request.method().name().length() + LINE_REST;
    }

    static long size(MultiMap headers) {
        long size = 0;
        for (Map.Entry<String, String> header : headers) {
            // name, colon, blank, value, end of line
            size += header.getKey().length() + header.getValue().length() + 4;
        }
        return size;
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

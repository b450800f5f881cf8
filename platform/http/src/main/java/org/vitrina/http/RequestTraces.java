package org.vitrina.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.vitrina.runtime.trace.TraceSpan;
import org.vitrina.runtime.trace.Traces;

/** A span for each request, from its coming to its end; the calls and statements that it leads to are parts of it. */
@Singleton
class RequestTraces {
    private static final int SERVER_ERROR = 500;
    private static final long NANOS_A_MILLI = 1_000_000;

    private final Traces traces;

    RequestTraces(Traces traces) {
        this.traces = traces;
    }

    /**
     * Begins it, and makes it that of the current context.
     *
     * @param left until the request's deadline
     * @param waited nanoseconds for which the request has waited for its turn
     */
    TraceSpan begin(RoutingContext context, @Nullable String traceparent, Duration left, long waited) {
        if (!traces.on()) {
            return TraceSpan.NONE;
        }
        String method = RequestLabels.method(context.request());
        TraceSpan span = traces.begin(TraceSpan.Kind.SERVER, method, traceparent, waited)
                .set("http.request.method", method)
                .set("vitrina.deadline.ms", left.toMillis())
                .set("vitrina.queue.wait.ms", waited / NANOS_A_MILLI)
                .attach();
        if (span.isRecording()) {
            context.addEndHandler(ended -> end(context, span, method, ended.failed()));
        }
        return span;
    }

    private static void end(RoutingContext context, TraceSpan span, String method, boolean left) {
        String route = RequestLabels.template(context.request());
        int status = context.response().getStatusCode();
        span.name(method + ' ' + route).set("http.route", route).set("http.response.status_code", status);
        if (left) {
            span.failed("caller-left");
        } else if (status >= SERVER_ERROR) {
            span.failed(Integer.toString(status));
        }
        span.end();
    }
}

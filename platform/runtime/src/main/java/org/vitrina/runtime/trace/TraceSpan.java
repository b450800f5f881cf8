package org.vitrina.runtime.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that is told of, or {@link #NONE}: all that is done with that costs nothing, so no caller asks which of the
 * two it has. What carries it on is its {@link #traceparent()}, over HTTP, in a message's header, in a row of a table.
 */
public final class TraceSpan {
    /** Nothing is recorded. */
    public static final TraceSpan NONE = new TraceSpan(null, Span.getInvalid());

    private static final String KEY = TraceSpan.class.getName();
    private static final long NANOS_A_SECOND = 1_000_000_000;

    private final @Nullable Tracer tracer;
    private final Span span;

    /** What a span is of, in OpenTelemetry's words. */
    public enum Kind {
        INTERNAL(io.opentelemetry.api.trace.SpanKind.INTERNAL),
        SERVER(io.opentelemetry.api.trace.SpanKind.SERVER),
        CLIENT(io.opentelemetry.api.trace.SpanKind.CLIENT),
        PRODUCER(io.opentelemetry.api.trace.SpanKind.PRODUCER),
        CONSUMER(io.opentelemetry.api.trace.SpanKind.CONSUMER);

        private final io.opentelemetry.api.trace.SpanKind kind;

        Kind(io.opentelemetry.api.trace.SpanKind kind) {
            this.kind = kind;
        }
    }

    private TraceSpan(@Nullable Tracer tracer, Span span) {
        this.tracer = tracer;
        this.span = span;
    }

    static TraceSpan begin(Tracer tracer, Kind kind, String name, SpanContext parent, long nanosAgo) {
        Context root = Context.root();
        SpanBuilder builder = tracer.spanBuilder(name)
                .setSpanKind(kind.kind)
                .setParent(parent.isValid() ? root.with(Span.wrap(parent)) : root);
        if (nanosAgo > 0) {
            Instant now = Instant.now();
            builder.setStartTimestamp(
                    now.getEpochSecond() * NANOS_A_SECOND + now.getNano() - nanosAgo, TimeUnit.NANOSECONDS);
        }
        return new TraceSpan(tracer, builder.startSpan());
    }

    /** That of the work that the current Vert.x context is on, a duplicated one. */
    public static TraceSpan current() {
        io.vertx.core.Context context = Vertx.currentContext();
        if (context == null || !VertxContext.isDuplicatedContext(context)) {
            return NONE;
        }
        TraceSpan known = context.getLocal(KEY);
        return known == null ? NONE : known;
    }

    /** From here on it is {@link #current()} on this context. */
    public TraceSpan attach() {
        io.vertx.core.Context context = Vertx.currentContext();
        if (this != NONE && context != null && VertxContext.isDuplicatedContext(context)) {
            context.putLocal(KEY, this);
        }
        return this;
    }

    /** Whether what is set on it is kept: false for {@link #NONE}, and for what is not in the share. */
    public boolean isRecording() {
        return span.isRecording();
    }

    /** A part of this work. */
    public TraceSpan child(Kind kind, String name) {
        return past(kind, name, 0);
    }

    /** A part of this work that began so long ago. */
    public TraceSpan past(Kind kind, String name, long nanosAgo) {
        return tracer == null || !span.isRecording()
                ? NONE
                : begin(tracer, kind, name, span.getSpanContext(), nanosAgo);
    }

    /**
     * What carries it on (W3C Trace Context). Not recorded is said too, so that nobody further on decides anew.
     *
     * @return null for {@link #NONE}
     */
    public @Nullable String traceparent() {
        SpanContext context = span.getSpanContext();
        return context.isValid()
                ? "00-" + context.getTraceId() + '-' + context.getSpanId() + '-'
                        + context.getTraceFlags().asHex()
                : null;
    }

    /** Of the trace, 32 hexadecimal digits; zeros for {@link #NONE}. */
    public String traceId() {
        return span.getSpanContext().getTraceId();
    }

    /** The same for what is to be kept in a table, where only what is recorded is worth its bytes. */
    public @Nullable String recordedTraceparent() {
        return span.isRecording() ? traceparent() : null;
    }

    public TraceSpan name(String name) {
        span.updateName(name);
        return this;
    }

    public TraceSpan set(String key, String value) {
        span.setAttribute(key, value);
        return this;
    }

    public TraceSpan set(String key, long value) {
        span.setAttribute(key, value);
        return this;
    }

    public TraceSpan set(String key, boolean value) {
        span.setAttribute(key, value);
        return this;
    }

    /** It failed, for this reason: one of few, as a metric's label is. */
    public TraceSpan failed(String reason) {
        span.setAttribute("error.type", reason);
        span.setStatus(StatusCode.ERROR);
        return this;
    }

    public void end() {
        span.end();
    }
}

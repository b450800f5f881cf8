package org.vitrina.client;

import io.smallrye.mutiny.Uni;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vitrina.runtime.trace.TraceSpan;
import org.vitrina.runtime.trace.Traces;

/** A span for each try of a dependency's calls, the hedge too, which carries the trace on to the dependency. */
final class TracedTries {
    private final Traces traces;
    private final String dependency;
    private final Supplier<String> breakerState;

    TracedTries(Traces traces, String dependency, Supplier<String> breakerState) {
        this.traces = traces;
        this.dependency = dependency;
        this.breakerState = breakerState;
    }

    /** @param attempt counts the call's tries, from 1 */
    <T> Function<CallScope, Uni<T>> of(Function<CallScope, Uni<T>> once, int attempt) {
        return traces.on() ? scope -> told(once, scope, attempt) : once;
    }

    private <T> Uni<T> told(Function<CallScope, Uni<T>> once, CallScope scope, int attempt) {
        TraceSpan span = traces.join(
                TraceSpan.Kind.CLIENT, "call " + dependency, scope.carried().traceparent(), 0);
        String traceparent = span.traceparent();
        if (traceparent == null || !span.isRecording()) {
            return once.apply(scope);
        }
        span.set("peer.service", dependency)
                .set("vitrina.attempt", attempt)
                .set("vitrina.hedge", scope.isHedge())
                .set("vitrina.breaker", breakerState.get())
                .set("vitrina.deadline.ms", scope.deadline().remainingMillis());
        return once.apply(scope.carrying(traceparent))
                .onItemOrFailure()
                .invoke((item, failure) -> end(span, item, failure))
                .onCancellation()
                .invoke(() -> span.set("vitrina.cancelled", true).end());
    }

    private static void end(TraceSpan span, @Nullable Object item, @Nullable Throwable failure) {
        if (item instanceof Reply reply) {
            span.set("http.response.status_code", reply.status());
        } else if (failure != null) {
            span.failed(failure instanceof CallFailure known ? known.reason().text() : Reason.ERROR.text());
        }
        span.end();
    }
}

package org.vitrina.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.vitrina.core.Deadline;

/**
 * Ends a request that comes in parts, since its body is larger than may be ({@link RequestAssembly} judges all others),
 * and is not there by its deadline, after {@code vitrina.web.max-receive-time} at the latest: 408, and the connection is
 * closed. Nothing was done for it, which a time-out of its work would not say.
 */
@Singleton
class BodyTimeLimit implements Handler<RoutingContext> {
    /** After the front handler, which reads the deadline. */
    private static final int PRIORITY = 9_999;

    private final long longestMillis;

    BodyTimeLimit(HttpConfig config) {
        this.longestMillis = config.maxReceiveTime().toMillis();
    }

    void register(@Observes Filters filters) {
        filters.register(this, PRIORITY);
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        RequestState state = RequestState.current();
        if (state != null && mayHaveBody(request) && !Admission.isWhole(request)) {
            start(context, state.deadline);
        }
        context.next();
    }

    /** From now on the body's end is awaited so long at most. */
    void start(RoutingContext context, Deadline deadline) {
        // +1: it must not fire before the deadline has passed
        long millis = Math.min(deadline.remainingMillis(), longestMillis) + 1;
        Vertx vertx = context.vertx();
        long timer = vertx.setTimer(millis, fired -> refuse(context));
        context.request().end().onComplete(ended -> vertx.cancelTimer(timer));
    }

    private static boolean mayHaveBody(HttpServerRequest request) {
        if (HttpMethod.GET.equals(request.method())) {
            return false;
        }
        MultiMap headers = request.headers();
        return headers.contains(HttpHeaderNames.CONTENT_LENGTH) || headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    private static void refuse(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (context.request().isEnded() || response.headWritten() || response.ended() || response.closed()) {
            return;
        }
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        context.addEndHandler(ended -> context.request().connection().close());
        context.fail(408);
    }
}

package org.vitrina.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.vitrina.core.Deadline;

/**
 * Ends a request whose body, since it is larger than may be, is read to be dropped, and is not there by its deadline, after
 * {@code vitrina.web.max-receive-time} at the latest: 408, and the connection is closed. All others are judged by {@link
 * RequestAssembly}.
 */
@Singleton
class BodyTimeLimit {
    private static final long UPLOAD_MILLIS = 60_000;

    private final long longestMillis;

    BodyTimeLimit(HttpConfig config) {
        this.longestMillis = config.maxReceiveTime().toMillis();
    }

    /** A file's end is awaited for a minute. */
    void startUpload(RoutingContext context) {
        start(context, UPLOAD_MILLIS);
    }

    /** From now on the body's end is awaited so long at most. */
    void start(RoutingContext context, Deadline deadline) {
        // +1: it must not fire before the deadline has passed
        start(context, Math.min(deadline.remainingMillis(), longestMillis) + 1);
    }

    private static void start(RoutingContext context, long millis) {
        Vertx vertx = context.vertx();
        long timer = vertx.setTimer(millis, fired -> refuse(context));
        context.request().end().onComplete(ended -> vertx.cancelTimer(timer));
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

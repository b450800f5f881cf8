package org.vitrina.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * Has requests meet the faults that are switched on ({@link TrialFaults}): behind admission and deadline, before any code of
 * the service. It stands in the way of requests only where faults can be tried at all. Never of health and metrics, what is
 * under {@code /ops}, or a page's static files, so that whoever has switched one on can see it and switch it off.
 */
@Singleton
class TrialFaultHandler implements Handler<RoutingContext> {
    /** After the front handler. */
    private static final int PRIORITY = 9_500;

    private static final String DETAIL =
            "A fault that an operator has switched on for a trial (GET /ops/faults at the management port); try again when it has ended.";

    private final TrialFaults faults;
    private final Vertx vertx;
    private final boolean enabled;

    TrialFaultHandler(TrialFaults faults, Vertx vertx, FaultsConfig config) {
        this.faults = faults;
        this.vertx = vertx;
        this.enabled = config.enabled();
    }

    void register(@Observes Filters filters) {
        if (enabled) {
            filters.register(this, PRIORITY);
        }
    }

    @Override
    public void handle(RoutingContext context) {
        String path = context.normalizedPath();
        TrialFaults.Met met = isSpared(path) ? null : faults.meet(path);
        if (met == null) {
            context.next();
            return;
        }
        switch (met.fault().kind()) {
            case LATENCY -> later(context, met.fault().delayMillis(), context::next);
            case ERROR ->
                context.fail(new ProblemException(
                        new ErrorCode("trial-fault", met.fault().status(), true, "Fault on trial"), DETAIL));
            // it ends with the fault, whose end a caller without a limit of its own would not see else
            case HANG ->
                later(context, met.leftMillis(), () -> reset(context.request().connection()));
            case RESET -> reset(context.request().connection());
        }
    }

    private static boolean isSpared(String path) {
        return path.startsWith("/q/")
                || path.equals("/ops")
                || path.startsWith("/ops/")
                || path.startsWith("/assets/")
                || path.equals("/favicon.ico");
    }

    private void later(RoutingContext context, long millis, Runnable then) {
        context.request().pause();
        long timer = vertx.setTimer(millis, fired -> {
            if (!context.response().ended() && !context.response().closed()) {
                context.request().resume();
                then.run();
            }
        });
        context.addEndHandler(ended -> vertx.cancelTimer(timer));
    }

    /** So that its client sees a reset and not an end. */
    private static void reset(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            Channel channel = base.channel();
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            var unused = channel.close();
        } else {
            connection.close();
        }
    }
}

package org.vitrina.bff.session;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Forwarded;
import org.vitrina.identity.AuthMode;
import org.vitrina.identity.Caller;

/** Counts requests by the address that they come from, attempts to sign in too, and by their user once that is known. */
@Singleton
class LimitGate {
    /** Before anything is decrypted or verified. */
    private static final int BEFORE_SESSIONS = 8_950;

    /** After Quarkus has authenticated (200). */
    private static final int AFTER_AUTHENTICATION = 150;

    private final RequestLimits limits;
    private final Callers callers;

    LimitGate(RequestLimits limits, Callers callers) {
        this.limits = limits;
        this.callers = callers;
    }

    void register(@Observes Filters filters) {
        if (callers.mode() != AuthMode.OFF) {
            filters.register(context -> counted(context, () -> ofAddress(context)), BEFORE_SESSIONS);
            filters.register(context -> counted(context, () -> ofUser(context)), AFTER_AUTHENTICATION);
        }
    }

    private static void counted(RoutingContext context, Runnable count) {
        try {
            count.run();
        } catch (ProblemException tooMany) {
            context.fail(tooMany);
            return;
        }
        context.next();
    }

    private void ofAddress(RoutingContext context) {
        String path = context.normalizedPath();
        if (path.startsWith("/assets/") || path.startsWith("/q/")) {
            return;
        }
        String client = Forwarded.current().client();
        String address = client == null ? context.request().remoteAddress().hostAddress() : client;
        limits.ofAddress(context, address);
        context.addHeadersEndHandler(sent -> {
            MultiMap headers = context.response().headers();
            if (isForCaches(headers)) {
                // what is left is this caller's
                headers.remove("RateLimit").remove("RateLimit-Policy");
            }
        });
        if (path.equals(Sessions.CALLBACK)
                || (path.equals(Sessions.SIGN_IN) && context.request().method().equals(HttpMethod.POST))) {
            limits.signIn(context, address);
        }
    }

    /** Whether a cache may hand the answer to others. */
    static boolean isForCaches(MultiMap headers) {
        String caching = headers.get(HttpHeaders.CACHE_CONTROL);
        return caching != null && caching.startsWith("public");
    }

    private void ofUser(RoutingContext context) {
        int user = callers.caller().map(Caller::userId).orElse(Callers.NOBODY);
        if (user != Callers.NOBODY) {
            limits.ofUser(context, user);
        }
    }
}

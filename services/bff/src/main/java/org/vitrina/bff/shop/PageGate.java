package org.vitrina.bff.shop;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.session.Sessions;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Forwarded;

/**
 * Stands before every route for what browsers need and what they could be made to do: a request for a name that is not ours
 * (DNS rebinding) and a change that another site's page asks for are refused, and pages carry the headers that keep them to
 * themselves. Who sends neither {@code Sec-Fetch-Site} nor {@code Origin} is no browser and passes.
 */
@Singleton
class PageGate implements Handler<RoutingContext> {
    static final String HTML = "text/html;charset=UTF-8";
    static final String TEXT = "text/plain;charset=UTF-8";

    /** No script or style but ours, none in the page itself, nothing from another host, and no frame around it. */
    static final String POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** Where there are two forms of the same, by what a caller takes. */
    private static final String ONE_ORDER = "/ops/orders/";

    /** After the front handler, which gives a request its id. */
    private static final int PRIORITY = 9_000;

    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);
    private static final ErrorCode FOREIGN = new ErrorCode("foreign-site", 403, false, "Asked for by another site");
    private static final ErrorCode MISDIRECTED = new ErrorCode("misdirected", 421, false, "Not a name of this shop");

    private final HostNames hosts;
    private final ErrorPage errors;
    private final boolean crossOrigin;

    PageGate(BffConfig config, ErrorPage errors, Config all) {
        this.hosts = new HostNames(config.hosts());
        this.errors = errors;
        this.crossOrigin =
                all.getOptionalValue("quarkus.http.cors.enabled", Boolean.class).orElse(false);
    }

    void register(@Observes Filters filters) {
        filters.register(this, PRIORITY);
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest asked = context.request();
        context.addHeadersEndHandler(sent -> {
            if (context.response().getStatusCode() >= 400) {
                // by these it is decided which of the two forms an error has
                context.response().headers().add(HttpHeaders.VARY, "Accept, Sec-Fetch-Mode");
            }
        });
        String host = asked.getHeader(HttpHeaders.HOST);
        Forwarded by = Forwarded.current();
        if ((host != null && !hosts.contains(host)) || (by.host() != null && !hosts.contains(by.host()))) {
            refuse(context, MISDIRECTED, "The Host header names no host of this shop (vitrina.bff.hosts).");
            return;
        }
        if (!SAFE.contains(asked.method()) && isForeign(asked, by.host() == null ? host : by.host(), by.scheme())) {
            refuse(context, FOREIGN, "Another site's page asked for this change, so it was not made.");
            return;
        }
        String path = context.normalizedPath();
        if (isPage(path)) {
            protect(context.response());
            if (path.equals("/")) {
                // what a caller gets is one of two; that it could read neither is no reason to give it none
                asked.headers().set(HttpHeaders.ACCEPT, accepts(asked, "text/html") ? "text/html" : "text/plain");
            } else if (path.startsWith(ONE_ORDER)) {
                asked.headers().set(HttpHeaders.ACCEPT, accepts(asked, "text/html") ? "text/html" : "application/json");
            }
        }
        context.next();
    }

    /**
     * Whether the caller is a browser that shows pages. Where there is a page it is enough to take HTML; elsewhere programs ask,
     * and some of them name {@code text/html} by default.
     */
    static boolean wantsHtml(HttpServerRequest asked) {
        String path = asked.path();
        return (path != null && isPage(path) && accepts(asked, "text/html"))
                || accepts(asked, "application/xhtml+xml")
                || "navigate".equals(asked.getHeader("Sec-Fetch-Mode"));
    }

    private static boolean isPage(String path) {
        return path.equals("/")
                || path.equals("/shop")
                || path.startsWith("/shop/")
                || path.equals(Sessions.SIGN_IN)
                || path.equals(Sessions.CALLBACK)
                || path.equals("/ops")
                || path.startsWith("/ops/faults")
                || path.startsWith("/ops/orders");
    }

    private static boolean accepts(HttpServerRequest asked, String type) {
        String accept = asked.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains(type);
    }

    /** Our address as the caller reaches us, without a slash at its end; for commands to copy. */
    static String host(HttpServerRequest asked) {
        Forwarded by = Forwarded.current();
        String host = by.host() == null ? asked.getHeader(HttpHeaders.HOST) : by.host();
        return host == null || !host.matches("[A-Za-z0-9.:\\[\\]-]{1,255}")
                ? "localhost:9000"
                : (by.scheme() == null || by.host() == null ? "" : by.scheme() + "://") + host + by.prefix();
    }

    static void protect(HttpServerResponse answer) {
        answer.putHeader("Content-Security-Policy", POLICY)
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-store")
                .putHeader(HttpHeaders.VARY, "Accept, Accept-Encoding, Accept-Language, Cookie, Authorization")
                // a proxy that waits for the end would hold the first parts back
                .putHeader("X-Accel-Buffering", "no");
    }

    private boolean isForeign(HttpServerRequest asked, @Nullable String host, @Nullable String scheme) {
        String origin = asked.getHeader(HttpHeaders.ORIGIN);
        if (crossOrigin && origin != null) {
            return false; // Quarkus judges it by quarkus.http.cors.origins
        }
        String site = asked.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !site.equals("same-origin") && !site.equals("none");
        }
        return origin != null && !HostNames.isOf(origin, host, scheme);
    }

    private void refuse(RoutingContext context, ErrorCode code, String detail) {
        if (wantsHtml(context.request())) {
            errors.answer(context, code.status());
        } else {
            context.fail(new ProblemException(code, detail));
        }
    }
}

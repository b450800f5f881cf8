package org.vitrina.bff.session;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vitrina.identity.AuthMode;

/**
 * Reads whose session a request has, before any route. A change by a session must show its CSRF token: in the header {@value
 * #TOKEN} here, or in a form ({@link Callers#prove}). Whoever sends a token of their own ({@code Authorization}) has no session.
 */
@Singleton
class SessionGate implements Handler<RoutingContext> {
    static final String TOKEN = "X-CSRF-Token";

    /** After the gate of pages, which knows what is of another site. */
    private static final int PRIORITY = 8_900;

    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);
    private static final String FORM = "application/x-www-form-urlencoded";

    private final Callers callers;
    private final SessionCookie cookie;
    private final Sessions sessions;
    private final UserTokens tokens;
    private final ProviderTokens providers;

    SessionGate(Callers callers, SessionCookie cookie, Sessions sessions, UserTokens tokens, ProviderTokens providers) {
        this.callers = callers;
        this.cookie = cookie;
        this.sessions = sessions;
        this.tokens = tokens;
        this.providers = providers;
    }

    void register(@Observes Filters filters) {
        if (callers.mode() != AuthMode.OFF) {
            filters.register(this, PRIORITY);
        }
    }

    @Override
    public void handle(RoutingContext context) {
        // files are everybody's
        boolean file = context.normalizedPath().startsWith("/assets/");
        BrowserSession session = file ? null : session(context.request());
        if (session == null) {
            context.next();
            return;
        }
        sessions.isRevoked(context, session, revoked -> {
            if (revoked) {
                context.next();
            } else {
                serve(context, session);
            }
        });
    }

    private void serve(RoutingContext context, BrowserSession session) {
        HttpServerRequest asked = context.request();
        boolean proven = SAFE.contains(asked.method()) || Callers.matches(session, asked.getHeader(TOKEN));
        // signing in begins a session anew, whoever had one; that it is not another site's page is known
        boolean signsIn = context.normalizedPath().equals(Sessions.SIGN_IN);
        if (!proven && !signsIn && !isForm(asked)) {
            context.fail(Callers.unproven());
            return;
        }
        if (callers.mode() == AuthMode.DEMO) {
            goOn(context, session, proven || signsIn, tokens.of(session));
            return;
        }
        asked.pause();
        var unused = providers
                .of(session)
                .subscribe()
                .with(
                        token -> {
                            asked.resume();
                            goOn(context, session, proven || signsIn, token);
                        },
                        failure -> {
                            asked.resume();
                            goOnWithout(context, session, failure);
                        });
    }

    private void goOn(RoutingContext context, BrowserSession session, boolean proven, String token) {
        Callers.attach(session, proven);
        // from here on it is as if the browser had sent the token, which it never sees
        context.request().headers().set(HttpHeaders.AUTHORIZATION, "Bearer " + token);
        if (cookie.isToBeRenewed(session)) {
            context.addHeadersEndHandler(sent -> renew(context, session));
        }
        context.next();
    }

    /** What is everybody's can be read without a token too; what was to be changed is to be sent again. */
    private void goOnWithout(RoutingContext context, BrowserSession session, Throwable failure) {
        boolean over = failure instanceof ProviderTokens.Ended;
        if (over) {
            sessions.end(session);
        }
        if (over || SAFE.contains(context.request().method())) {
            context.next();
        } else {
            context.fail(ProviderTokens.away());
        }
    }

    /** Not with an answer that a cache may keep, nor where the session has been begun or ended by this very request. */
    private void renew(RoutingContext context, BrowserSession session) {
        MultiMap headers = context.response().headers();
        if (!LimitGate.isForCaches(headers) && !headers.contains(HttpHeaders.SET_COOKIE)) {
            headers.add(HttpHeaders.SET_COOKIE, sessions.header(context.request(), cookie.seen(session)));
        }
    }

    private static boolean isForm(HttpServerRequest asked) {
        String type = asked.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.strip().toLowerCase(Locale.ROOT).startsWith(FORM);
    }

    /**
     * The session of the request; null for none. Two cookies of the name are one too many: one of them is not from here (a
     * neighbouring host can set it for us, RFC 6265, 8.6), and nobody knows which.
     */
    private @Nullable BrowserSession session(HttpServerRequest asked) {
        if (asked.headers().contains(HttpHeaders.AUTHORIZATION)) {
            return null;
        }
        String name = Sessions.cookieName(asked);
        String value = name == null ? null : Sessions.onlyCookie(asked, name);
        return value == null ? null : cookie.read(value);
    }
}

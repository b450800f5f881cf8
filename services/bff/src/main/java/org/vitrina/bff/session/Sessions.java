package org.vitrina.bff.session;

import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Forwarded;

/** Begins and ends sessions, and writes the cookies of those that are there. */
@ApplicationScoped
public class Sessions {
    /** Where a browser signs in. */
    public static final String SIGN_IN = "/session/sign-in";

    /** Where a provider sends a browser back to. */
    public static final String CALLBACK = "/session/callback";

    private static final String HOSTS_OWN = "__Host-";

    /** Over HTTPS: a browser takes it only from this very host, for all of its paths. */
    private static final String NAME = HOSTS_OWN + "vitrina-session";

    /** Over plain HTTP on one's own machine, where no browser takes the other one. */
    private static final String LOCAL_NAME = "vitrina-session";

    private final SessionCookie cookie;
    private final RevokedSessions revoked;

    Sessions(SessionCookie cookie, RevokedSessions revoked) {
        this.cookie = cookie;
        this.revoked = revoked;
    }

    /** A session of the user, and the {@code Set-Cookie} that makes it the browser's. An earlier one of the browser ends. */
    public record Begun(BrowserSession session, String setCookie) {}

    public Begun begin(HttpServerRequest asked, @Nullable BrowserSession before, int user, Set<String> roles) {
        return begin(asked, before, user, roles, null);
    }

    Begun begin(
            HttpServerRequest asked,
            @Nullable BrowserSession before,
            int user,
            Set<String> roles,
            BrowserSession.@Nullable Login login) {
        requireCookieName(asked);
        if (before != null) {
            revoked.add(before);
        }
        BrowserSession session = cookie.begin(user, roles, login);
        return new Begun(session, header(asked, session));
    }

    /** Ends the session everywhere; answers the {@code Set-Cookie} that takes the cookie from the browser. */
    public @Nullable String end(HttpServerRequest asked, @Nullable BrowserSession session) {
        if (session != null) {
            revoked.add(session);
        }
        String name = cookieName(asked);
        return name == null ? null : removeCookie(name);
    }

    /** Ends a session that its provider has ended. */
    void end(BrowserSession session) {
        revoked.add(session);
    }

    void isRevoked(RoutingContext context, BrowserSession session, Consumer<Boolean> then) {
        revoked.ask(context, session, then);
    }

    /** Without Max-Age: it ends with the browser, and in it with the session. */
    String header(HttpServerRequest asked, BrowserSession session) {
        String name = cookieName(asked);
        return setCookie(name == null ? LOCAL_NAME : name, cookie.write(session));
    }

    static String setCookie(String name, String value) {
        return name + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" + (name.startsWith(HOSTS_OWN) ? "; Secure" : "");
    }

    static String removeCookie(String name) {
        return setCookie(name, "") + "; Max-Age=0";
    }

    /** The value of the cookie; null where there is none, and where there are two: one of them is not from here. */
    static @Nullable String onlyCookie(HttpServerRequest asked, String name) {
        List<String> values = new ArrayList<>(1);
        for (String line : asked.headers().getAll(HttpHeaders.COOKIE)) {
            if (line.contains(name)) {
                for (Cookie each : ServerCookieDecoder.LAX.decodeAll(line)) {
                    if (each.name().equals(name)) {
                        values.add(each.value());
                    }
                }
            }
        }
        return values.size() == 1 ? values.getFirst() : null;
    }

    /** The cookie by which a browser is known that has gone to sign in, beside that of its session. */
    static String bindingName(String name) {
        return name.replace("session", "sign-in");
    }

    /** Our address as the browser knows it, without a slash at its end. */
    static String origin(HttpServerRequest asked) {
        Forwarded by = Forwarded.current();
        String host = by.host() == null ? asked.getHeader(HttpHeaders.HOST) : by.host();
        return (NAME.equals(cookieName(asked)) ? "https://" : "http://") + host + by.prefix();
    }

    /** 400 where a browser would keep no cookie that is safe. */
    static String requireCookieName(HttpServerRequest asked) {
        String name = cookieName(asked);
        if (name == null) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST,
                    "A session needs HTTPS, or plain HTTP to localhost: no browser would keep its cookie otherwise.");
        }
        return name;
    }

    /** By which name the browser keeps a session for this address; null where it would keep none that is safe. */
    static @Nullable String cookieName(HttpServerRequest asked) {
        Forwarded by = Forwarded.current();
        if (asked.isSSL() || "https".equals(by.scheme())) {
            return NAME;
        }
        String host = by.host() == null ? asked.getHeader(HttpHeaders.HOST) : by.host();
        return host != null && isLoopback(host.toLowerCase(Locale.ROOT)) ? LOCAL_NAME : null;
    }

    private static boolean isLoopback(String host) {
        String name = host.replaceFirst(":[0-9]{1,5}$", "");
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals("[::1]")
                || name.matches("127(\\.[0-9]{1,3}){3}");
    }
}

package org.vitrina.bff.session;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
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

    /** Over HTTPS: a browser takes it only from this very host, for all of its paths. */
    private static final String NAME = "__Host-vitrina-session";

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
        if (cookieName(asked) == null) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST,
                    "A session needs HTTPS, or plain HTTP to localhost: no browser would keep its cookie otherwise.");
        }
        if (before != null) {
            revoked.add(before);
        }
        BrowserSession session = cookie.begin(user, roles);
        return new Begun(session, header(asked, session));
    }

    /** Ends the session everywhere; answers the {@code Set-Cookie} that takes the cookie from the browser. */
    public @Nullable String end(HttpServerRequest asked, @Nullable BrowserSession session) {
        if (session != null) {
            revoked.add(session);
        }
        String name = cookieName(asked);
        return name == null ? null : name + "=" + attributes(name) + "; Max-Age=0";
    }

    void isRevoked(RoutingContext context, BrowserSession session, Consumer<Boolean> then) {
        revoked.ask(context, session, then);
    }

    /** Without Max-Age: it ends with the browser, and in it with the session. */
    String header(HttpServerRequest asked, BrowserSession session) {
        String name = cookieName(asked);
        return (name == null ? LOCAL_NAME : name) + "=" + cookie.write(session) + attributes(name);
    }

    private static String attributes(@Nullable String name) {
        return "; Path=/; HttpOnly; SameSite=Lax" + (NAME.equals(name) ? "; Secure" : "");
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

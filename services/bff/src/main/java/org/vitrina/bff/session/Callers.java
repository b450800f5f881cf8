package org.vitrina.bff.session;

import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.identity.AuthConfig;
import org.vitrina.identity.AuthMode;
import org.vitrina.identity.Caller;
import org.vitrina.identity.CurrentCaller;
import org.vitrina.identity.Roles;

/**
 * Who sends the request that the current context serves, and by which session. A session counts for a change only once the
 * request has shown the session's CSRF token: whoever forgets to ask for the token can call no service.
 */
@ApplicationScoped
public class Callers {
    /** In place of a user's id where nobody has said who they are. */
    public static final int NOBODY = 0;

    private static final ErrorCode CSRF = new ErrorCode("csrf", 403, false, "Without the session's token");

    private final AuthMode mode;
    private final CurrentCaller current;

    Callers(AuthConfig config, CurrentCaller current) {
        this.mode = config.auth();
        this.current = current;
    }

    /** A session, and whether the request has shown that it is of our own pages. */
    private static final class Shown {
        private final BrowserSession session;
        private volatile boolean proven;

        Shown(BrowserSession session, boolean proven) {
            this.session = session;
            this.proven = proven;
        }
    }

    /** Keeps it with the current context, a duplicated one. */
    static void attach(BrowserSession session, boolean proven) {
        ContextLocals.put(Shown.class.getName(), new Shown(session, proven));
    }

    private static @Nullable Shown shown() {
        Context context = Vertx.currentContext();
        return context == null || !VertxContext.isDuplicatedContext(context)
                ? null
                : ContextLocals.<Shown>get(Shown.class.getName(), null);
    }

    public AuthMode mode() {
        return mode;
    }

    /** Null where the caller has none: nobody, or a program with a token. */
    public @Nullable BrowserSession session() {
        Shown shown = shown();
        return shown == null ? null : shown.session;
    }

    /** Takes the CSRF token that a form has. */
    public void prove(String csrf) {
        Shown shown = shown();
        if (shown != null && matches(shown.session, csrf)) {
            shown.proven = true;
        }
    }

    /** 403 for a change that has not shown its session's token. */
    public void requireProof() {
        Shown shown = shown();
        if (shown != null && !shown.proven) {
            throw unproven();
        }
    }

    static ProblemException unproven() {
        return new ProblemException(
                CSRF,
                "A change needs the session's CSRF token: the form's field csrf, or the header " + SessionGate.TOKEN
                        + " as GET /session tells it.");
    }

    static boolean matches(BrowserSession session, @Nullable String csrf) {
        return csrf != null
                && MessageDigest.isEqual(
                        session.csrf().getBytes(StandardCharsets.UTF_8), csrf.getBytes(StandardCharsets.UTF_8));
    }

    /** By what a service knows for whom it is asked; null for nobody, or where authentication is off. */
    public @Nullable String authorization() {
        requireProof();
        return current.authorization();
    }

    /** Empty for nobody, and where authentication is off. */
    public Optional<Caller> caller() {
        return current.authenticates() ? current.caller() : Optional.empty();
    }

    /** What the caller may; everything where authentication is off. */
    public Set<String> roles() {
        return !current.authenticates()
                ? Roles.ALL
                : current.caller().map(Caller::roles).orElse(Set.of());
    }

    /**
     * The user whom a request is about.
     *
     * @param byDefault where authentication is off
     * @return {@link #NOBODY} where nobody has said who they are
     */
    public int user(int byDefault) {
        return current.authenticates() && current.caller().isEmpty() ? NOBODY : current.user(byDefault);
    }

    /** 403 for who may not look at another user's. */
    public void requireMayActFor(int user) {
        caller().ifPresent(asking -> asking.requireMayActFor(user));
    }
}

package org.vitrina.identity;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who sends a request, as a verified token says; kept with the request's Vert.x context until its answer is out. */
public final class Caller {
    private static final String KEY = Caller.class.getName();

    /** With authentication off, and when a process asks itself: whoever it is may do everything. */
    static final Caller ANYBODY = new Caller("anybody", Roles.ALL, null, Instant.MAX);

    private final String subject;
    private final Set<String> roles;
    private final @Nullable String token;
    private final Instant expires;
    private final SecurityIdentity identity;

    /** @param expires when the token does, the leeway left out */
    Caller(String subject, Set<String> roles, @Nullable String token, Instant expires) {
        this.subject = subject;
        this.roles = Set.copyOf(roles);
        this.token = token;
        this.expires = expires;
        this.identity = QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(subject))
                .addRoles(this.roles)
                .setAnonymous(false)
                .build();
    }

    /** A service that has shown who it is by other means than a token. */
    public static Caller service(String name) {
        return new Caller(name, Set.of(Roles.SERVICE), null, Instant.MAX);
    }

    /** The user's id as text, or the name of a service. */
    public String subject() {
        return subject;
    }

    public Set<String> roles() {
        return roles;
    }

    public boolean has(String role) {
        return roles.contains(role);
    }

    /** When the token expires. */
    public Instant expires() {
        return expires;
    }

    /** The user's id; 0 for who is no user. */
    public int userId() {
        return userId(subject);
    }

    static int userId(String subject) {
        if (subject.isEmpty() || subject.length() > 10 || subject.charAt(0) == '0') {
            return 0;
        }
        long id = 0;
        for (int i = 0; i < subject.length(); i++) {
            char digit = subject.charAt(i);
            if (digit < '0' || digit > '9') {
                return 0;
            }
            id = id * 10 + (digit - '0');
        }
        return id > Integer.MAX_VALUE ? 0 : (int) id;
    }

    /** 403 where what is this user's may not be read and changed by the caller. */
    public void requireMayActFor(int user) {
        if (!has(Roles.SERVICE) && !has(Roles.ADMIN) && userId() != user) {
            throw Refusals.anothers();
        }
    }

    @Nullable
    String token() {
        return token;
    }

    /** As Quarkus knows it. */
    public SecurityIdentity identity() {
        return identity;
    }

    /** Keeps it as the caller of the request that the current context serves; for who authenticates a request, once. */
    public void attach() {
        ContextLocals.put(KEY, this);
    }

    /** The caller of the request that the current context serves; null off a request, and where nobody said who they are. */
    static @Nullable Caller current() {
        Context context = Vertx.currentContext();
        if (context == null || !VertxContext.isDuplicatedContext(context)) {
            return null;
        }
        return ContextLocals.<Caller>get(KEY, null);
    }

    /** The current request is one that this process sends itself before it is ready. */
    public static void isOurselves() {
        ANYBODY.attach();
    }
}

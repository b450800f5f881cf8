package org.vitrina.bff.session;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.SessionConfig;

/**
 * Sessions that were ended before their time, until they would have ended by themselves: by their own id, by that of the session at
 * the provider, or all that a user of the provider had until then. Known here, and to the other replicas by the shared Redis; where
 * that does not answer, a session that this replica does not know to be ended goes on.
 */
@Singleton
class RevokedSessions {
    private static final String KEY = "vitrina:session:revoked:";
    private static final String LOGIN = "login:";
    private static final String SUBJECT = "subject:";

    /** Above this the ones whose time is over are taken out. */
    private static final int MANY = 10_000;

    private final SharedState shared;
    private final Duration absolute;
    private final Map<String, Revoked> here = new ConcurrentHashMap<>();

    /**
     * @param at sessions that have begun later go on
     * @param until when none of them would be left in any case
     */
    private record Revoked(Instant at, Instant until) {}

    RevokedSessions(SharedState shared, SessionConfig config) {
        this.shared = shared;
        this.absolute = config.absolute();
    }

    void add(BrowserSession session) {
        revoke(session.id(), session.begun().plus(absolute), told -> {});
    }

    /** All of ours that began by this session of the provider; tells whether the other replicas know. */
    void addLogin(String login, Consumer<Boolean> then) {
        revoke(LOGIN + login, Instant.now().plus(absolute), then);
    }

    /** All that this user of the provider has had until now; tells whether the other replicas know. */
    void addSubject(String subject, Consumer<Boolean> then) {
        revoke(SUBJECT + subject, Instant.now().plus(absolute), then);
    }

    private void revoke(String name, Instant until, Consumer<Boolean> then) {
        Instant now = Instant.now();
        if (here.size() > MANY) {
            here.values().removeIf(each -> now.isAfter(each.until));
        }
        here.put(name, new Revoked(now, until));
        Duration left = Duration.between(now, until);
        if (!shared.isConfigured() || !left.isPositive()) {
            then.accept(true);
        } else {
            shared.put(KEY + name, Long.toString(now.getEpochSecond()), left, then);
        }
    }

    /** Tells whether it is ended, at once or when Redis has said so; the request waits meanwhile. */
    void ask(RoutingContext context, BrowserSession session, Consumer<Boolean> then) {
        List<String> names = names(session);
        if (names.stream().anyMatch(name -> isRevoked(session, here.get(name)))) {
            then.accept(true);
        } else if (!shared.isThere()) {
            then.accept(false);
        } else {
            context.request().pause();
            shared.get(names.stream().map(KEY::concat).toList(), found -> {
                context.request().resume();
                then.accept(found != null && found.stream().anyMatch(at -> isRevoked(session, at)));
            });
        }
    }

    private static List<String> names(BrowserSession session) {
        BrowserSession.Login login = session.login();
        if (login == null) {
            return List.of(session.id());
        }
        List<String> names = new ArrayList<>(List.of(session.id(), SUBJECT + login.subject()));
        if (login.session() != null) {
            names.add(LOGIN + login.session());
        }
        return names;
    }

    private static boolean isRevoked(BrowserSession session, @Nullable Revoked revoked) {
        return revoked != null && !session.begun().isAfter(revoked.at);
    }

    private static boolean isRevoked(BrowserSession session, @Nullable String at) {
        return at != null && session.begun().getEpochSecond() <= Long.parseLong(at);
    }
}

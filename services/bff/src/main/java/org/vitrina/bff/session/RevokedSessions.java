package org.vitrina.bff.session;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.vitrina.bff.SessionConfig;

/**
 * Sessions that were ended before their time, until they would have ended by themselves: known here, and to the other replicas by
 * the shared Redis. Where that does not answer, a session that this replica does not know to be ended goes on.
 */
@Singleton
class RevokedSessions {
    private static final String KEY = "vitrina:session:revoked:";

    /** Above this the ones whose time is over are taken out. */
    private static final int MANY = 10_000;

    private final SharedState shared;
    private final Duration absolute;
    private final Map<String, Instant> here = new ConcurrentHashMap<>();

    RevokedSessions(SharedState shared, SessionConfig config) {
        this.shared = shared;
        this.absolute = config.absolute();
    }

    void add(BrowserSession session) {
        Instant end = session.begun().plus(absolute);
        if (here.size() > MANY) {
            Instant now = Instant.now();
            here.values().removeIf(now::isAfter);
        }
        here.put(session.id(), end);
        Duration left = Duration.between(Instant.now(), end);
        if (left.isPositive()) {
            shared.put(KEY + session.id(), left);
        }
    }

    /** Tells whether it is ended, at once or when Redis has said so; the request waits meanwhile. */
    void ask(RoutingContext context, BrowserSession session, Consumer<Boolean> then) {
        if (here.containsKey(session.id())) {
            then.accept(true);
        } else if (!shared.isThere()) {
            then.accept(false);
        } else {
            context.request().pause();
            shared.has(KEY + session.id(), found -> {
                context.request().resume();
                then.accept(found);
            });
        }
    }
}

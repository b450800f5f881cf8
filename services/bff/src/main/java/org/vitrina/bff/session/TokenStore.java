package org.vitrina.bff.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.SessionConfig;

/**
 * The tokens of sessions, which no browser gets: in this replica's memory, and sealed in the Redis that all replicas share, where any
 * of them finds what another has got.
 */
@Singleton
class TokenStore {
    private static final String TOKENS = "vitrina:session:tokens:";
    private static final String LOCK = "vitrina:session:refresh:";
    private static final int MOST = 50_000;

    /** Longer than a provider may take for its answer; whoever holds it and dies holds the others up for so long. */
    private static final Duration LOCKED = Duration.ofSeconds(10);

    private final SharedState shared;
    private final SealedClaims sealed;
    private final Duration absolute;
    private final Cache<String, HeldTokens> here;

    TokenStore(SharedState shared, SealedClaims sealed, SessionConfig config) {
        this.shared = shared;
        this.sealed = sealed;
        this.absolute = config.absolute();
        this.here = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(config.idle())
                .executor(Runnable::run)
                .build();
    }

    /** What all replicas have of a session. */
    record Found(@Nullable HeldTokens tokens, boolean isAnswered) {}

    /** As this replica knows them. */
    @Nullable
    HeldTokens here(BrowserSession session) {
        return here.getIfPresent(session.id());
    }

    /** As the replicas know them; as this one does, where they cannot be asked or know less. */
    Uni<Found> find(BrowserSession session) {
        if (!shared.isConfigured()) {
            return Uni.createFrom().item(new Found(here(session), true));
        }
        return Uni.createFrom()
                .<Found>emitter(emitter ->
                        shared.get(List.of(TOKENS + session.id()), answer -> emitter.complete(found(session, answer))));
    }

    private Found found(BrowserSession session, @Nullable List<@Nullable String> answer) {
        String text = answer == null ? null : answer.getFirst();
        HeldTokens theirs = text == null ? null : HeldTokens.open(sealed, session.id(), text);
        HeldTokens ours = here(session);
        if (theirs != null && (ours == null || theirs.expires().isAfter(ours.expires()))) {
            here.put(session.id(), theirs);
            return new Found(theirs, true);
        }
        return new Found(ours, answer != null);
    }

    /** Ends when the other replicas can find them, or cannot be told. */
    Uni<Void> keep(BrowserSession session, HeldTokens tokens) {
        here.put(session.id(), tokens);
        Instant until = session.begun().plus(absolute);
        Duration left = Duration.between(Instant.now(), until);
        if (!shared.isThere() || !left.isPositive()) {
            return Uni.createFrom().voidItem();
        }
        return Uni.createFrom()
                .emitter(emitter -> shared.put(
                        TOKENS + session.id(),
                        tokens.seal(sealed, session.id(), until),
                        left,
                        told -> emitter.complete(null)));
    }

    void forget(BrowserSession session) {
        here.invalidate(session.id());
        shared.remove(TOKENS + session.id());
    }

    /** Whether this replica alone may ask for the session's next tokens now; null where the replicas cannot be asked. */
    Uni<@Nullable Boolean> lock(BrowserSession session) {
        if (!shared.isConfigured()) {
            return Uni.createFrom().item(true);
        }
        return Uni.createFrom()
                .emitter(emitter -> shared.putIfAbsent(
                        LOCK + session.id(), UUID.randomUUID().toString(), LOCKED, emitter::complete));
    }

    void unlock(BrowserSession session) {
        if (shared.isConfigured()) {
            shared.remove(LOCK + session.id());
        }
    }
}

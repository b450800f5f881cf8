package org.vitrina.identity;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.runtime.GrowingPause;

/**
 * The token by which this service says who it is itself: signed by the install's key where it has that, else of the
 * provider, by client credentials. It is replaced at half of its life beside all requests, and one that cannot be replaced
 * goes on until it expires: no call waits for it.
 */
@Singleton
public class ServiceTokens {
    private static final Logger LOG = Logger.getLogger(ServiceTokens.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final @Nullable TokenOrigin origin;
    private final GrowingPause pause = new GrowingPause(SHORTEST_PAUSE, LONGEST_PAUSE);
    private volatile @Nullable Held held;

    /** A token as it was had. */
    record Held(String token, Instant expires) {}

    /** Where such tokens come from. */
    interface TokenOrigin {
        Uni<Held> get();
    }

    ServiceTokens(
            Vertx vertx,
            AuthConfig auth,
            IdentityConfig config,
            @ConfigProperty(name = "quarkus.application.name") String name) {
        this.vertx = vertx;
        if (auth.auth() == AuthMode.OFF) {
            this.origin = null;
        } else if (config.signingKey().isPresent()) {
            TokenSigner signer = TokenSigner.of(config).orElseThrow();
            Duration lifetime = config.serviceTokenLifetime();
            TokenOrigin signed = () -> Uni.createFrom()
                    .item(() -> new Held(
                            signer.sign(name, Set.of(Roles.SERVICE), lifetime),
                            Instant.now().plus(lifetime)));
            this.origin = signed;
        } else {
            this.origin = config.tokenUrl()
                    .<TokenOrigin>map(url -> new ClientCredentials(
                            vertx,
                            url,
                            config.clientId().orElse(name),
                            config.clientSecret().orElse("")))
                    .orElse(null);
        }
    }

    void start(@Observes StartupEvent started) {
        renew();
    }

    private void renew() {
        TokenOrigin from = origin;
        if (from == null) {
            return;
        }
        var unused = from.get().subscribe().with(this::take, this::again);
    }

    private void take(Held next) {
        held = next;
        pause.reset();
        long life = Duration.between(Instant.now(), next.expires).toMillis();
        vertx.setTimer(Math.max(SHORTEST_PAUSE.toMillis(), life / 2), half -> renewBeside());
    }

    private void again(Throwable away) {
        LOG.warnf(
                "This service's own token could not be had: %s%s",
                away.getMessage(), token().isPresent() ? "; the present one goes on until it expires" : "");
        vertx.setTimer(pause.next(), later -> renewBeside());
    }

    /** Signing takes a millisecond, which no event loop is to wait for. */
    private void renewBeside() {
        var unused = vertx.executeBlocking(() -> {
            renew();
            return true;
        });
    }

    /** Empty with authentication off, where the service has neither key nor client, and after the last one has expired. */
    public Optional<String> token() {
        Held now = held;
        return now == null || Instant.now().isAfter(now.expires) ? Optional.empty() : Optional.of(now.token);
    }

    /** The value of {@code Authorization} for a call that this service makes for itself; null where there is none. */
    public @Nullable String authorization() {
        return token().map(token -> "Bearer " + token).orElse(null);
    }
}

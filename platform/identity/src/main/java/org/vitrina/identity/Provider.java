package org.vitrina.identity;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where a provider's endpoints are, as it says itself (OpenID Connect Discovery 1.0). What it said counts for an hour, and for as
 * long as it cannot be asked again.
 */
@Singleton
public class Provider {
    private static final String PLACE = "/.well-known/openid-configuration";
    private static final long FRESH_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ProviderHttp http;
    private final String issuer;
    private final AtomicReference<@Nullable Uni<Endpoints>> underWay = new AtomicReference<>();
    private volatile @Nullable Endpoints known;
    private volatile long askAgainAt = System.nanoTime();

    Provider(Vertx vertx, IdentityConfig config) {
        this.http = new ProviderHttp(vertx);
        this.issuer = config.issuer();
    }

    /**
     * What is used of its description.
     *
     * @param revocation where a token is given up (RFC 7009); null where there is no such place
     * @param endSession where a browser signs out there too; null where there is no such place
     * @param secretInForm whether it takes a client's secret as a field of the form only
     */
    public record Endpoints(
            String authorization,
            String token,
            String keys,
            @Nullable String revocation,
            @Nullable String endSession,
            boolean secretInForm) {}

    public String issuer() {
        return issuer;
    }

    /** Fails where it has not said so yet, and does not now. */
    public Uni<Endpoints> endpoints() {
        Endpoints now = known;
        if (now == null) {
            return ask();
        }
        if (System.nanoTime() - askAgainAt > 0 && underWay.get() == null) {
            askAgainAt = System.nanoTime() + PAUSE_NANOS;
            var unused = ask().subscribe().with(said -> {}, away -> {});
        }
        return Uni.createFrom().item(now);
    }

    private Uni<Endpoints> ask() {
        return Uni.createFrom().deferred(() -> {
            Uni<Endpoints> others = underWay.get();
            if (others != null) {
                return others;
            }
            Uni<Endpoints> ours = http.get(withoutSlash(issuer) + PLACE, "application/json")
                    .map(this::take)
                    .onTermination()
                    .invoke(() -> underWay.set(null))
                    .memoize()
                    .indefinitely();
            return underWay.compareAndSet(null, ours) ? ours : ask();
        });
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private Endpoints take(ProviderHttp.Answer answer) {
        if (answer.status() != 200) {
            throw new IllegalStateException("the provider's description has status " + answer.status());
        }
        Endpoints said;
        try {
            said = endpoints(new JsonObject(answer.text()));
        } catch (RuntimeException unreadable) {
            throw new IllegalStateException("what is there is no description of the provider " + issuer, unreadable);
        }
        known = said;
        askAgainAt = System.nanoTime() + FRESH_NANOS;
        return said;
    }

    private Endpoints endpoints(JsonObject said) {
        if (!issuer.equals(said.getString("issuer"))) {
            throw new IllegalArgumentException("it describes another issuer");
        }
        JsonArray ways =
                said.getJsonArray("token_endpoint_auth_methods_supported", JsonArray.of("client_secret_basic"));
        return new Endpoints(
                url(said, "authorization_endpoint"),
                url(said, "token_endpoint"),
                url(said, "jwks_uri"),
                optionalUrl(said, "revocation_endpoint"),
                optionalUrl(said, "end_session_endpoint"),
                !ways.contains("client_secret_basic") && ways.contains("client_secret_post"));
    }

    private static @Nullable String optionalUrl(JsonObject said, String name) {
        return said.containsKey(name) ? url(said, name) : null;
    }

    private static String url(JsonObject said, String name) {
        String url = said.getString(name);
        if (url == null || !url.matches("https?://[^\\s\"'<>]+")) {
            throw new IllegalArgumentException(name + " is no URL");
        }
        return url;
    }
}

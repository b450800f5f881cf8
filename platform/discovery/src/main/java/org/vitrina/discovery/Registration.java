package org.vitrina.discovery;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Jitter;
import org.vitrina.identity.ServiceTokens;
import org.vitrina.runtime.Draining;
import org.vitrina.runtime.RecurringTask;

/**
 * Registers this process as a replica of its service, with every replica of the registry, again and again from the moment at which
 * it can serve; and takes it off as soon as it drains, so that callers have left it before it stops to listen.
 */
@Singleton
class Registration implements RecurringTask {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration AT_FIRST = Duration.ofMillis(500);
    private static final Duration LEAVE = Duration.ofSeconds(1);

    private final ServiceTokens tokens;
    private final Config config;
    private final DiscoveryConfig discovery;
    private final boolean on;
    private final String id;
    private final Vertx vertx;
    private volatile Duration renewAfter = AT_FIRST;
    private volatile Future<?> underWay = Future.succeededFuture();
    private volatile Future<?> gone = Future.succeededFuture();
    private volatile @Nullable RegistryClient client;

    Registration(Vertx vertx, Config config, DiscoveryConfig discovery, Draining draining, ServiceTokens tokens) {
        this.tokens = tokens;
        this.vertx = vertx;
        this.config = config;
        this.discovery = discovery;
        this.on = discovery.discovery().equals("registry");
        this.id = discovery.id().orElseGet(() -> UUID.randomUUID().toString());
        if (on) {
            var unused = draining.whenBegun().subscribe().with(begun -> leave());
        }
    }

    @Override
    public String name() {
        return "the registration at the registry";
    }

    @Override
    public Duration every() {
        return on ? Jitter.aFifthAround(renewAfter) : NEVER;
    }

    @Override
    public Duration limit() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Uni<?> work() {
        return on
                ? Uni.createFrom().completionStage(() -> register().toCompletionStage())
                : Uni.createFrom().voidItem();
    }

    private Future<Void> register() {
        JsonObject replica = new JsonObject()
                .put("address", address())
                .put("port", discovery.port().orElseGet(() -> config.getValue("quarkus.http.port", Integer.class)))
                .put("weight", discovery.weight());
        discovery.zone().ifPresent(zone -> replica.put("zone", zone));
        discovery.version().ifPresent(version -> replica.put("version", version));
        Future<Void> all = atAny(registry -> client().register(registry, service(), id, replica, secret())
                .map(millis -> {
                    renewAfter = Duration.ofMillis(millis);
                    return null;
                }));
        underWay = all;
        return all;
    }

    /** Where it listens, if that is one address. */
    private String address() {
        return discovery.address().orElseGet(() -> {
            String host = config.getValue("quarkus.http.host", String.class);
            if (host.equals("0.0.0.0") || host.equals("::")) {
                throw new IllegalStateException(
                        "it listens on all addresses: vitrina.discovery.address must say which one callers are told");
            }
            return host.equals("localhost") ? "127.0.0.1" : host;
        });
    }

    private String service() {
        return config.getValue("quarkus.application.name", String.class);
    }

    /** What the registry knows it by: its registration secret, else its token. */
    private @Nullable String secret() {
        return discovery.secret().or(tokens::token).orElse(null);
    }

    /** Not before a renewal that is under way has come there: it would be the last word. */
    private void leave() {
        gone = underWay.transform(ended -> atAny(registry -> client().deregister(registry, service(), id, secret())));
    }

    /** Succeeds where one of the registry's replicas has taken it: they tell each other. */
    private Future<Void> atAny(Function<URI, Future<Void>> call) {
        List<Future<Void>> calls = discovery.registries().stream().map(call).toList();
        return Future.any(calls).mapEmpty();
    }

    private RegistryClient client() {
        RegistryClient known = client;
        if (known == null) {
            known = new RegistryClient(vertx);
            client = known;
        }
        return known;
    }

    /** Not before the registry has heard that it leaves: callers would be sent here until its TTL is over. */
    @PreDestroy
    void close() throws InterruptedException {
        RegistryClient known = client;
        if (known == null) {
            return;
        }
        CountDownLatch left = new CountDownLatch(1);
        gone.onComplete(ended -> left.countDown());
        // it ends all the same where no registry answers: the TTL tells callers then
        var unused = left.await(LEAVE.toMillis(), TimeUnit.MILLISECONDS);
        known.close();
    }
}

package org.vitrina.discovery;

import io.smallrye.stork.Stork;
import io.smallrye.stork.api.ServiceDefinition;
import io.smallrye.stork.api.config.ConfigWithType;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The services that this process finds by the registry. Nothing is made, and nobody asked, before the first {@code stork://} URL:
 * a process that knows none pays for none.
 */
@Singleton
public class Discovery {
    static final String TYPE = "vitrina-registry";

    private static final String SCHEME = "stork";
    private static final String VERSION = "version=";

    private final Vertx vertx;
    private final DiscoveryConfig config;
    private final Map<String, Replicas> all = new ConcurrentHashMap<>();
    private final List<RegistryWatch> watches = new ArrayList<>();
    private volatile @Nullable RegistryClient client;

    Discovery(Vertx vertx, DiscoveryConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** Whether what listens there is found by the registry: {@code stork://cart}. */
    public static boolean finds(URI url) {
        return SCHEME.equals(url.getScheme());
    }

    /** The replicas that the URL means: {@code stork://cart}, or those of one version only, {@code stork://cart?version=2}. */
    public Replicas of(URI url) {
        Replicas all = of(url.getHost());
        String query = url.getQuery();
        if (query == null) {
            return all;
        }
        if (!query.startsWith(VERSION) || query.length() == VERSION.length()) {
            throw new IllegalArgumentException(url + " has a query other than " + VERSION + "...");
        }
        return all.ofVersion(query.substring(VERSION.length()));
    }

    /** The replicas of the service, watched from now on; declared clients of {@code stork://<service>} find them too. */
    public Replicas of(String service) {
        Replicas known = all.get(service);
        if (known != null) {
            return known;
        }
        Replicas made = all.computeIfAbsent(service, this::watched);
        if (Stork.getInstance() == null) {
            Stork.initialize();
        }
        Stork.getInstance().defineIfAbsent(service, ServiceDefinition.of(new OfType(TYPE), new OfType(TYPE)));
        return made;
    }

    private record OfType(String type) implements ConfigWithType {
        @Override
        public Map<String, String> parameters() {
            return Map.of();
        }
    }

    private Replicas watched(String service) {
        RegistryClient registry = client;
        if (registry == null) {
            registry = new RegistryClient(vertx);
            client = registry;
        }
        Duration ejectFor = config.ejectFor();
        var list = new ReplicaList(new Replica.Ejection(config.maxFailures(), ejectFor.toNanos()), System::nanoTime);
        var watch = new RegistryWatch(vertx, registry, config.registries(), service, list);
        watches.add(watch);
        watch.start();
        return new Replicas(list, balancer());
    }

    /** A balancer of the kind that is configured. */
    ReplicaBalancer balancer() {
        return new ReplicaBalancer(
                ReplicaBalancer.Kind.named(config.balancer()),
                config.zone().orElse(null),
                config.versions().map(ReplicaBalancer::shares).orElse(Map.of()));
    }

    @PreDestroy
    void close() {
        watches.forEach(RegistryWatch::end);
        RegistryClient registry = client;
        if (registry != null) {
            registry.close();
            Stork.shutdown();
        }
    }
}

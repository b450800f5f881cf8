package org.vitrina.client;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import org.vitrina.discovery.Discovery;
import org.vitrina.discovery.Replicas;
import org.vitrina.http.ConnectionConfig;
import org.vitrina.runtime.Lifecycle;
import org.vitrina.runtime.trace.Traces;

/** Makes what each guarded client stands on, and knows them all. */
@ApplicationScoped
public class Upstreams {
    private final Discovery discovery;
    private final Vertx vertx;
    private final MeterRegistry registry;
    private final CircuitBreakerMaintenance breakers;
    private final ConnectionConfig connections;
    private final Traces traces;
    private final Map<String, Replicas> discovered = new ConcurrentSkipListMap<>();
    private final List<Upstream> all = new CopyOnWriteArrayList<>();
    private final List<HttpTransport> transports = new CopyOnWriteArrayList<>();
    private final Map<String, HttpTransport> releases = new ConcurrentHashMap<>();

    Upstreams(
            Vertx vertx,
            MeterRegistry registry,
            CircuitBreakerMaintenance breakers,
            ConnectionConfig connections,
            Lifecycle lifecycle,
            Discovery discovery,
            Traces traces) {
        this.vertx = vertx;
        this.discovery = discovery;
        this.registry = registry;
        this.breakers = breakers;
        this.connections = connections;
        this.traces = traces;
        // nobody else has asked yet: who comes first is not to find open what was too early for our warm-ups
        lifecycle.beforeStarted(breakers::resetAll);
    }

    /** @param name also the name of its circuit breaker */
    public Upstream upstream(String name, CallConfig config) {
        if (config instanceof DependencyConfig dependency && Discovery.finds(dependency.url())) {
            // a declared client has no other way to ask for it
            tell(name, discovery.of(dependency.url().getHost()));
        }
        var upstream = new Upstream(name, config, () -> state(name), registry, traces);
        breakers.onStateChange(name, state -> upstream.breakerChanged(text(state)));
        all.add(upstream);
        return upstream;
    }

    private void tell(String dependency, Replicas found) {
        discovered.put(dependency, found);
        gauge("replicas", "Replicas that the registry tells", dependency, found, Replicas::count);
        gauge("put.aside", "Replicas that get no calls for their failures", dependency, found, Replicas::putAside);
        gauge(
                "list.age.seconds",
                "Time for which the registry has not said that the list is so",
                dependency,
                found,
                list -> list.age().toMillis() / 1e3);
    }

    private void gauge(String what, String says, String dependency, Replicas of, ToDoubleFunction<Replicas> value) {
        Gauge.builder("vitrina.discovery." + what, of, value)
                .description(says)
                .tag("dependency", dependency)
                .register(registry);
    }

    /** Of the dependencies that are found by the registry. */
    public List<ReplicasStatus> discovered() {
        return discovered.entrySet().stream()
                .map(each -> new ReplicasStatus(
                        each.getKey(),
                        each.getValue().age().toMillis() / 1e3,
                        each.getValue().status()))
                .toList();
    }

    private String state(String name) {
        return text(breakers.currentState(name));
    }

    private static String text(CircuitBreakerState state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The raw transport, for what is asked so often that a declared client would cost more than the call, and for strangers. */
    public HttpTransport transport(DependencyConfig config) {
        return transport(config.url(), config);
    }

    /** @param url {@code http(s)://host[:port][/base]}, or {@code stork://service[/base]} */
    public HttpTransport transport(URI url, CallConfig config) {
        var transport = new HttpTransport(
                vertx,
                url,
                new HttpTransport.Limits(
                        config.maxConnections(),
                        config.maxWaiting(),
                        config.maxAnswer().asBigInteger().intValueExact(),
                        config.connectTimeout(),
                        connections.connectionAge()),
                Discovery.finds(url) ? discovery.of(url) : null);
        transports.add(transport);
        return transport;
    }

    /**
     * Another release of a dependency, called with the same settings.
     *
     * @param name as {@link Release#name()} has it
     * @param url as {@link #transport(URI, CallConfig)} has it
     * @throws IllegalArgumentException there is no such dependency
     */
    public HttpTransport release(String name, String dependency, URI url) {
        CallConfig config = all.stream()
                .filter(each -> each.name().equals(dependency))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing here is called " + dependency))
                .config();
        return releases.computeIfAbsent(name, any -> transport(url, config));
    }

    /** Where a request of a declared client goes that is for this release; as it was where that listens nowhere else. */
    URI routed(String release, URI asked) {
        HttpTransport elsewhere = releases.get(release);
        if (elsewhere == null) {
            return asked;
        }
        String dependency = release.substring(0, release.indexOf('/'));
        String base = all.stream()
                .filter(each -> each.name().equals(dependency) && each.config() instanceof DependencyConfig)
                .map(each -> ((DependencyConfig) each.config()).url().getRawPath())
                .findFirst()
                .map(path -> path.replaceAll("/$", ""))
                .orElse("");
        return elsewhere.url(asked.getRawPath().substring(base.length()), asked.getRawQuery());
    }

    public List<Upstream> all() {
        return List.copyOf(all);
    }

    @PreDestroy
    void close() {
        transports.forEach(HttpTransport::close);
    }
}

package org.vitrina.orders.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.GuardedCall;
import org.vitrina.client.HttpTransport;
import org.vitrina.client.Reply;
import org.vitrina.client.Upstream;
import org.vitrina.client.UpstreamSettings;

/** One dependency and the layers around a call to it, from the outside in: accounting, breaker, tries, one attempt. */
final class GuardedService {
    /** How much later than the cancelling limit the guard's own timeout strikes, which does not cancel. */
    private static final Duration BACKSTOP = Duration.ofMillis(100);

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final Upstream upstream;
    private final HttpTransport http;
    private final TypedGuard<Uni<Reply>> breaker;
    private final int maxRetries;
    private final Duration timeout;

    GuardedService(String name, DependencyConfig config, Vertx vertx, MeterRegistry registry) {
        this.timeout = config.timeout();
        this.maxRetries = config.maxRetries();
        var state = new AtomicReference<>(CircuitBreakerState.CLOSED);
        this.upstream = new Upstream(
                new UpstreamSettings(
                        name,
                        config.timeout(),
                        config.maxRetries(),
                        config.retryInterval(),
                        config.retryJitter(),
                        config.retryShare(),
                        config.retriesPerSecond()),
                () -> Objects.requireNonNull(state.get())
                        .name()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-'),
                registry);
        this.http = new HttpTransport(
                vertx,
                config.url(),
                new HttpTransport.Limits(
                        config.maxConnections(),
                        config.maxWaiting(),
                        config.maxAnswer().asBigInteger().intValueExact(),
                        config.connectTimeout()));
        this.breaker = TypedGuard.create(new TypeLiteral<Uni<Reply>>() {})
                .withCircuitBreaker()
                .requestVolumeThreshold(config.window())
                .failureRatio(Math.min(1, config.maxFailures() / (double) config.window()))
                .delay(config.resetInterval().toMillis(), ChronoUnit.MILLIS)
                .skipOn(CallFailure.Uncounted.class)
                .onStateChange(state::set)
                .done()
                .withTimeout()
                .duration(timeout.plus(BACKSTOP).toMillis(), ChronoUnit.MILLIS)
                .done()
                .build();
    }

    /** A call within the scope and the dependency's own limit. Fails with a {@link CallFailure}, also for every 5xx. */
    Uni<Reply> send(CallScope scope, HttpMethod method, String path, @Nullable String json) {
        CallScope own = scope.within(timeout);
        return upstream.call(
                own,
                () -> http.send(
                        own, method, path, json == null ? Map.of() : JSON, json == null ? null : Buffer.buffer(json)),
                this::guarded);
    }

    private Uni<Reply> guarded(GuardedCall<Reply> call) {
        return breaker.get(() -> Uni.createFrom()
                .deferred(call::attempt)
                .onFailure(CallFailure.Retryable.class)
                .retry()
                .atMost(maxRetries));
    }

    void close() {
        http.close();
    }
}

package org.vitrina.client;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Tells at {@code /q/health/well} what became of the last calls of each dependency. It is always up: who is behind decides
 * nothing about this process, which answers without them as well as it can.
 */
@Wellness
@ApplicationScoped
class RecentCallsCheck implements HealthCheck {
    private final Upstreams upstreams;

    RecentCallsCheck(Upstreams upstreams) {
        this.upstreams = upstreams;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named("dependencies").up();
        for (Upstream upstream : upstreams.all()) {
            RecentCalls.Summary recent = upstream.recent();
            String name = upstream.name() + '.';
            answer.withData(name + "breaker", upstream.breaker())
                    .withData(name + "calls", recent.calls())
                    .withData(name + "failed", recent.failed())
                    .withData(name + "timeouts", recent.timeouts())
                    .withData(name + "not_made", recent.notMade())
                    .withData(name + "p50_ms", millis(recent.p50Ms()))
                    .withData(name + "slowest_ms", millis(recent.slowestMs()));
        }
        return answer.build();
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

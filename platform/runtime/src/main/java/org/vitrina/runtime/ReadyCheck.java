package org.vitrina.runtime;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready: started, not draining, and every dependency answers. */
@Readiness
@ApplicationScoped
class ReadyCheck implements AsyncHealthCheck {
    private final Lifecycle lifecycle;
    private final Dependencies dependencies;

    ReadyCheck(Lifecycle lifecycle, Dependencies dependencies) {
        this.lifecycle = lifecycle;
        this.dependencies = dependencies;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        if (lifecycle.begun()) {
            return Uni.createFrom().item(down("draining").build());
        }
        return dependencies.failures().map(failures -> {
            HealthCheckResponseBuilder answer = failures.isEmpty() && lifecycle.started()
                    ? named().up()
                    : down(lifecycle.started() ? "up" : "starting");
            // names only: the reasons may hold hosts and users, and stand in the log
            dependencies.names().forEach(name -> answer.withData(name, failures.containsKey(name) ? "down" : "up"));
            return answer.build();
        });
    }

    private static HealthCheckResponseBuilder named() {
        return HealthCheckResponse.named("vitrina");
    }

    private static HealthCheckResponseBuilder down(String state) {
        return named().down().withData("state", state);
    }
}

package org.vitrina.registry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;

/** What the registry tells of itself; without the services' names, which are their registrants'. */
@Startup
@Singleton
class RegistryMeters {
    RegistryMeters(MeterRegistry meters, RegistryService registry) {
        Gauge.builder("vitrina.registry.replicas", registry, RegistryService::instances)
                .description("Replicas that are alive, of all services")
                .register(meters);
        Gauge.builder("vitrina.registry.watchers", registry, RegistryService::watchers)
                .description("Requests that wait for a change")
                .register(meters);
        Gauge.builder(
                        "vitrina.registry.list.age.seconds",
                        registry,
                        all -> all.age().toMillis() / 1e3)
                .description("Time for which Redis has not said what others have changed")
                .register(meters);
    }
}

package org.vitrina.registry;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.vitrina.runtime.RecurringTask;

/** Looks again and again what other replicas of the registry have written into Redis, and whether it is there. */
@Singleton
class RegistrySync implements RecurringTask {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final RegistryService registry;
    private final Duration every;

    RegistrySync(RegistryService registry, RegistryConfig config) {
        this.registry = registry;
        this.every = config.syncInterval();
    }

    @Override
    public String name() {
        return "the look into Redis";
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Duration limit() {
        return LIMIT;
    }

    @Override
    public Uni<?> work() {
        return registry.synchronise();
    }
}

package org.vitrina.discovery;

import io.smallrye.mutiny.Uni;
import io.smallrye.stork.api.ServiceDiscovery;
import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.api.config.ConfigWithType;
import io.smallrye.stork.api.config.ServiceConfig;
import io.smallrye.stork.spi.StorkInfrastructure;
import io.smallrye.stork.spi.internal.ServiceDiscoveryLoader;
import jakarta.enterprise.inject.spi.CDI;
import java.util.List;

/** Stork's discovery {@code vitrina-registry}: the replicas that {@link Discovery} watches. Found by its file in META-INF/services. */
public final class StorkDiscoveryLoader implements ServiceDiscoveryLoader {
    @Override
    public ServiceDiscovery createServiceDiscovery(
            ConfigWithType config, String service, ServiceConfig whole, StorkInfrastructure infrastructure) {
        ReplicaList list =
                CDI.current().select(Discovery.class).get().of(service).list();
        return () -> Uni.createFrom().item(() -> List.<ServiceInstance>copyOf(list.usable()));
    }

    @Override
    public String type() {
        return Discovery.TYPE;
    }
}

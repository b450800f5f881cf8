package org.vitrina.discovery;

import io.smallrye.stork.api.LoadBalancer;
import io.smallrye.stork.api.ServiceDiscovery;
import io.smallrye.stork.api.config.ConfigWithType;
import io.smallrye.stork.spi.internal.LoadBalancerLoader;
import jakarta.enterprise.inject.spi.CDI;

/** Stork's balancer {@code vitrina-registry}: as {@code vitrina.discovery.balancer} says. Found by its file in META-INF/services. */
public final class StorkBalancerLoader implements LoadBalancerLoader {
    @Override
    public LoadBalancer createLoadBalancer(ConfigWithType config, ServiceDiscovery discovery) {
        return CDI.current().select(Discovery.class).get().balancer();
    }

    @Override
    public String type() {
        return Discovery.TYPE;
    }
}

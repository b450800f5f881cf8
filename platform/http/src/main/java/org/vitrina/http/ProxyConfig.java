package org.vitrina.http;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Settings of the way by which callers reach a service. */
@ConfigMapping(prefix = "vitrina.http")
public interface ProxyConfig {
    /**
     * The networks of the proxies before this service, such as {@code 10.0.0.0/8,fd00::/8}: what they say in
     * {@code X-Forwarded-Prefix} is put before each path of an answer. Nobody else is believed.
     */
    Optional<TrustedProxies> trustedProxies();
}

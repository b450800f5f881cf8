package org.vitrina.http;

import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/** The port that this process serves callers on. */
@Singleton
class HttpPort {
    private final Config config;

    HttpPort(Config config) {
        this.config = config;
    }

    /** Known once the server listens, also where a free one was asked for; 0 where there is none. */
    int get() {
        return get(false);
    }

    /** @param tls whether it is the port of TLS */
    int get(boolean tls) {
        String key = "quarkus.http." + (LaunchMode.current() == LaunchMode.TEST ? "test-" : "") + (tls ? "ssl-" : "")
                + "port";
        return config.getOptionalValue(key, Integer.class).orElse(0);
    }
}

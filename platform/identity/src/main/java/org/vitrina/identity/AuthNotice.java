package org.vitrina.identity;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Says at the start whether callers are asked who they are. It also is what makes Quarkus read {@link AuthConfig}, and with it
 * check every {@code vitrina.*} key: a mapping that nothing injects is left out.
 */
@Singleton
class AuthNotice {
    private static final Logger LOG = Logger.getLogger(AuthNotice.class);

    private final AuthConfig config;

    AuthNotice(AuthConfig config) {
        this.config = config;
    }

    void say(@Observes StartupEvent started) {
        switch (config.auth()) {
            case OFF ->
                LOG.infof(
                        "Authentication is off: every caller has every role%s",
                        config.allowOpenNetwork() ? ", on an open network" : "");
            case DEMO ->
                LOG.warn(
                        "Authentication is demo: anybody who reaches the sign-in may be any user. Not for production.");
            case OIDC -> LOG.info("Authentication is oidc: callers are who their provider's tokens say");
        }
    }
}

package org.vitrina.http;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Says at the start that nobody is asked who they are. It also is what makes Quarkus read {@link AuthConfig}, and with it
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
        LOG.infof(
                "Authentication is %s: every caller has every role%s",
                config.auth(), config.allowOpenNetwork() ? ", on an open network" : "");
    }
}

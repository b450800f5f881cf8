package org.vitrina.identity;

import io.quarkus.arc.Unremovable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether callers are asked who they are: as configured, and never less. Where authentication is off, a test asks for it by
 * the bean's name and hands it the keys (a JWKS) that count meanwhile, null to end that: so what a whole service refuses is
 * tried in a process that other tests have started.
 */
@Singleton
@Unremovable
@Named("vitrina-enforcement")
class Enforcement implements Consumer<@Nullable String> {
    private final boolean configured;
    private final VerificationKeys keys;
    private volatile boolean on;

    Enforcement(AuthConfig config, VerificationKeys keys) {
        this.configured = config.auth() != AuthMode.OFF;
        this.on = configured;
        this.keys = keys;
    }

    boolean on() {
        return on;
    }

    @Override
    public void accept(@Nullable String jwks) {
        if (!configured) {
            if (jwks != null) {
                keys.take(jwks);
            }
            on = jwks != null;
        }
    }
}

package org.vitrina.identity;

import io.quarkus.arc.lookup.LookupUnlessProperty;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.vitrina.runtime.Dependency;

/** A service that verifies cannot answer before it has keys; those that it had once go on whatever becomes of their source. */
@Singleton
@LookupUnlessProperty(name = "vitrina.auth", stringValue = "off", lookupIfMissing = false)
class KeysDependency implements Dependency {
    private final VerificationKeys keys;

    KeysDependency(VerificationKeys keys) {
        this.keys = keys;
    }

    @Override
    public String name() {
        return "token-keys";
    }

    @Override
    public Uni<Void> check() {
        return keys.known() != null
                ? Uni.createFrom().voidItem()
                : keys.refresh().replaceWithVoid();
    }
}

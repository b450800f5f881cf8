package org.vitrina.bff.session;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.vitrina.identity.AuthConfig;
import org.vitrina.identity.AuthMode;
import org.vitrina.runtime.RecurringTask;

/** Has replicas tell each other, by the shared Redis, how much of each limit was used. */
@Singleton
class LimitSharing implements RecurringTask {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final RequestLimits limits;
    private final SharedState shared;
    private final boolean off;

    LimitSharing(RequestLimits limits, SharedState shared, AuthConfig config) {
        this.limits = limits;
        this.shared = shared;
        this.off = config.auth() == AuthMode.OFF;
    }

    @Override
    public String name() {
        return "sharing of limits";
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    @Override
    public Uni<?> work() {
        if (!off && shared.isThere()) {
            limits.all().forEach(each -> each.share(shared::add));
        }
        return Uni.createFrom().voidItem();
    }
}

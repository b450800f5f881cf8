package org.vitrina.bff.page;

import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.session.Callers;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.identity.AuthMode;
import org.vitrina.runtime.Dependency;

/**
 * Puts the shop page together once before the service says that it is ready. A cold process needs longer for its first
 * calls than a page has, and one without any copy has nothing to show should products fail: in a rolling update the first
 * customers of each new pod would notice. Who is behind may be away, so after {@code vitrina.bff.warm-up} it is ready anyway.
 */
@ApplicationScoped
class PageWarmUp implements Dependency {
    private static final Logger LOG = Logger.getLogger(PageWarmUp.class);

    private final ShopPage page;
    private final Scopes scopes;
    private final BffConfig config;
    private final int user;
    private final CircuitBreakerMaintenance breakers;
    private final long begun = System.nanoTime();
    private volatile boolean over;
    private volatile @Nullable Uni<Void> attempt;

    PageWarmUp(ShopPage page, Scopes scopes, BffConfig config, Callers callers, CircuitBreakerMaintenance breakers) {
        this.page = page;
        this.scopes = scopes;
        this.config = config;
        this.user = callers.mode() == AuthMode.OFF ? config.defaultUser() : Callers.NOBODY;
        this.breakers = breakers;
    }

    @Override
    public String name() {
        return "first-page";
    }

    @Override
    public Uni<Void> check() {
        if (!over && System.nanoTime() - begun >= config.warmUp().toNanos()) {
            over = true;
            if (config.warmUp().isPositive()) {
                LOG.warnf("Ready without a complete first page: there was none in %s", config.warmUp());
            }
        }
        if (over) {
            return Uni.createFrom().voidItem();
        }
        Uni<Void> current = attempt;
        if (current == null) {
            // it outlives the caller that waits for it: its copies are what it is for
            current = complete().memoize().indefinitely();
            attempt = current;
        }
        return current;
    }

    private Uni<Void> complete() {
        return page.unasked(scopes.unasked(), PageQuery.FIRST, user)
                .onItemOrFailure()
                .transformToUni((answer, failure) -> {
                    attempt = null;
                    if (!over && (failure != null || !answer.complete())) {
                        // nobody else has asked yet: who comes first is not to find open what was too early for us
                        breakers.resetAll();
                    }
                    if (failure != null) {
                        return Uni.createFrom().failure(failure);
                    }
                    if (!answer.complete()) {
                        return Uni.createFrom()
                                .failure(new IllegalStateException("the page is not complete: " + answer.timings()));
                    }
                    over = true;
                    return Uni.createFrom().voidItem();
                });
    }
}

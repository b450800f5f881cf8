package org.vitrina.client;

import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import java.time.temporal.ChronoUnit;

/**
 * The guards of a dependency that is declared by configuration alone, so that there is no class whose method could carry
 * them: accounting around retry around breaker around the backstop timeout, as on the method of any other client.
 */
public final class DeclaredGuard {
    private final TypedGuard<Uni<Object>> guard;

    /** @param name of the dependency, and of its circuit breaker; to be made before its {@link Upstream} */
    public DeclaredGuard(String name, CallConfig config) {
        this.guard = TypedGuard.create(new TypeLiteral<Uni<Object>>() {})
                .withDescription(name)
                .withRetry()
                .maxRetries(config.maxRetries())
                .delay(0, ChronoUnit.MILLIS)
                .jitter(0, ChronoUnit.MILLIS)
                .whenException(CallFailure.Retryable.class::isInstance)
                .done()
                .withCircuitBreaker()
                .name(name)
                .requestVolumeThreshold(config.window())
                .failureRatio(Math.min(1, config.maxFailures() / (double) config.window()))
                .delay(config.resetInterval().toMillis(), ChronoUnit.MILLIS)
                .when(failure -> !(failure instanceof CallFailure.Uncounted))
                .done()
                .withTimeout()
                .duration(config.timeout().plus(GuardSettings.BACKSTOP).toMillis(), ChronoUnit.MILLIS)
                .done()
                .build();
    }

    /** The call, guarded; fails with a {@link CallFailure}. */
    @SuppressWarnings("unchecked") // what comes out is what the call brings
    public <T> Uni<T> guarded(GuardedCall<T> call) {
        return call.accounted((Uni<T>) guard.get(() -> (Uni<Object>) (Uni<?>) call.attempt()));
    }
}

package org.vitrina.bff.orders;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.vitrina.client.CallFailure;
import org.vitrina.client.GuardedCall;

/** The tries of one call to orders, inside the breaker of {@link OrdersClient}. Settings: {@code vitrina.bff.orders}. */
@ApplicationScoped
class OrdersAttempts {
    /**
     * The timeout is a backstop only: it does not cancel. The scope's limit does, and strikes earlier. The pause before a
     * retry is made inside the attempt, where it ends with the caller.
     */
    @Retry(delay = 0, jitter = 0, retryOn = CallFailure.Retryable.class)
    @Timeout
    <T> Uni<T> make(GuardedCall<T> call) {
        return call.attempt();
    }
}

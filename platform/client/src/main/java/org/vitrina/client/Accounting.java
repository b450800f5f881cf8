package org.vitrina.client;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;

/** Does what {@link Accounted} says. */
@Accounted
@Interceptor
@Priority(Interceptor.Priority.APPLICATION) // outside fault tolerance, which is at PLATFORM_AFTER
class Accounting {
    @AroundInvoke
    Object account(InvocationContext invocation) throws Exception {
        return accounted((GuardedCall<?>) invocation.getParameters()[0], invocation.proceed());
    }

    @SuppressWarnings("unchecked") // a guarded method returns the Uni of its call's type
    private static <T> Uni<T> accounted(GuardedCall<T> call, Object guarded) {
        return call.accounted((Uni<T>) guarded);
    }
}

package org.vitrina.persistence;

import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;

/** Puts {@link DatabaseWork} around what opens a transaction. */
@WithTransaction
@Interceptor
@Priority(DatabaseWork.PRIORITY)
class TransactionShield {
    @AroundInvoke
    Object around(InvocationContext invocation) throws Exception {
        return DatabaseWork.around(invocation, false);
    }
}

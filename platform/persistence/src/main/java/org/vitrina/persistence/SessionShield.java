package org.vitrina.persistence;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;

/** Puts {@link DatabaseWork} around what opens a session, which is for reads. */
@WithSession
@Interceptor
@Priority(DatabaseWork.PRIORITY)
class SessionShield {
    @AroundInvoke
    Object around(InvocationContext invocation) throws Exception {
        return DatabaseWork.around(invocation, true);
    }
}

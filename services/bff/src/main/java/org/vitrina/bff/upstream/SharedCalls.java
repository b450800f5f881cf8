package org.vitrina.bff.upstream;

import org.jspecify.annotations.Nullable;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;

/** The client of a dependency whose answers are cached, for callers who wait for what another one asked. */
public interface SharedCalls {
    /** A load that this caller waited for has failed and was another's: the breaker counts callers. */
    void shared(CallScope scope, Throwable failure);

    /** Why nobody is to wait now for a load that another caller has begun; null while one may. */
    @Nullable
    CallFailure refusal();
}

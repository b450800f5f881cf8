package org.vitrina.client;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/** One guarded call: its scope, how to make one attempt, and how many attempts have been made. */
public final class GuardedCall<T> {
    private final Upstream upstream;
    private final CallScope scope;
    private final Supplier<Uni<T>> once;
    private int tries;

    GuardedCall(Upstream upstream, CallScope scope, Supplier<Uni<T>> once) {
        this.upstream = upstream;
        this.scope = scope;
        this.once = once;
    }

    /** Makes the next attempt, inside the scope's cancelling limit. Only what this fails with as retryable is tried again. */
    public Uni<T> attempt() {
        return upstream.attempt(this);
    }

    CallScope scope() {
        return scope;
    }

    /** Counts the attempt that starts now; the first is 1. */
    int nextTry() {
        return ++tries;
    }

    int tries() {
        return tries;
    }

    Uni<T> once() {
        return once.get();
    }
}

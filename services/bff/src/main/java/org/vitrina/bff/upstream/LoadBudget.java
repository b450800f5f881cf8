package org.vitrina.bff.upstream;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Function;
import org.vitrina.cache.Cache;
import org.vitrina.cache.Cached;
import org.vitrina.cache.Caches;
import org.vitrina.client.CallScope;

/** How long a caller waits for a copy or for the load behind it, and on whose time the load runs. */
@ApplicationScoped
public class LoadBudget {
    /** What a look-up may take beyond the load: the copy is still asked for after the load has timed out. */
    private static final Duration LOOK_UP = Duration.ofMillis(5);

    private final boolean shared;

    LoadBudget(Caches caches) {
        this.shared = !caches.status().topology().equals("off");
    }

    /**
     * The scope in which a load runs. Without a cache it is the caller's own; with one, others may wait for the same load, so
     * that it must neither end with one caller nor take a caller's short deadline as its own.
     */
    public CallScope loadScope(CallScope scope, Duration timeout) {
        if (!shared) {
            return scope.within(timeout);
        }
        Duration left = scope.deadline().remaining().minus(LOOK_UP);
        return scope.detached(scope.shortened() || left.compareTo(timeout) > 0 || left.isNegative() ? timeout : left);
    }

    /** Ends the load's scope when the last of those who wait for it has gone. */
    public <T> Uni<T> load(CallScope own, Uni<T> work) {
        return shared ? work.onCancellation().invoke(own::cancel) : work;
    }

    /** Waits in the caller's scope for a read whose load may take {@code timeout}. */
    public <T> Uni<T> await(CallScope scope, Duration timeout, Uni<T> read) {
        return shared ? scope.within(timeout.plus(LOOK_UP)).run(read) : read;
    }

    /** A read of one key through {@code cache}, with a stale copy in place of a load that came too late. */
    public <V> Uni<Cached<V>> read(
            CallScope scope, Duration timeout, Cache<V> cache, String key, Function<CallScope, Uni<V>> load) {
        // Made here, not in the loader: what the load takes from the request must not depend on who runs it.
        CallScope own = loadScope(scope, timeout);
        Uni<Cached<V>> read = cache.get(key, () -> load(own, load.apply(own)));
        if (!shared) {
            return read;
        }
        // Asked for once more after a failure: the look-up before may have been too late for a copy that is there.
        return await(scope, timeout, read)
                .onFailure()
                .recoverWithUni(failure -> cache.stale(key).onItem().ifNull().failWith(failure));
    }
}

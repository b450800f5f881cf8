package org.vitrina.bff.upstream;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Function;
import org.vitrina.cache.Cache;
import org.vitrina.cache.Cached;
import org.vitrina.cache.Caches;
import org.vitrina.client.CallScope;
import org.vitrina.core.Deadline;

/** How long a caller waits for a copy or for the load behind it, and on whose time the load runs. */
@ApplicationScoped
public class LoadBudget {
    /** What a look-up may take beyond the load: the copy is still asked for after the load has timed out. */
    private static final Duration LOOK_UP = Duration.ofMillis(5);

    private final boolean shared;

    LoadBudget(Caches caches) {
        this.shared = !caches.status().topology().equals("off");
    }

    /** What a caller loads if nobody else does, within {@code timeout}. */
    public Load load(CallScope scope, Duration timeout) {
        return new Load(scope, timeout, shared);
    }

    /**
     * A read of one key through {@code cache}, with a stale copy in place of a load that came too late.
     *
     * @param client who is asked
     */
    public <V> Uni<Cached<V>> read(
            Load own, Cache<V> cache, String key, Function<CallScope, Uni<V>> load, SharedCalls client) {
        if (!shared) {
            return cache.get(key, () -> own.run(load));
        }
        Uni<Cached<V>> read = cache.get(key, () -> own.run(load));
        // Asked for once more after a failure: the look-up before may have been too late for a copy that is there.
        return own.await(read).onFailure().recoverWithUni(failure -> {
            own.ended(failure, client);
            return cache.stale(key).onItem().ifNull().failWith(failure);
        });
    }

    /** One caller's part in a load that others may wait for too. */
    public static final class Load {
        private final CallScope caller;
        private final Deadline end;
        private final Duration timeout;
        private final boolean shared;
        private boolean made;

        Load(CallScope caller, Duration timeout, boolean shared) {
            this.caller = caller;
            this.timeout = timeout;
            this.shared = shared;
            // Set here, not in the loader: what the load takes from the request must not depend on who runs it.
            this.end = Deadline.in(shared ? limit(caller, timeout) : timeout);
        }

        /**
         * Without a cache the load is the caller's own; with one, others may wait for the same load, so that it must neither
         * end with one caller nor take a caller's short deadline as its own.
         */
        private static Duration limit(CallScope caller, Duration timeout) {
            Duration left = caller.deadline().remaining().minus(LOOK_UP);
            return caller.shortened() || left.compareTo(timeout) > 0 || left.isNegative() ? timeout : left;
        }

        /** The load, for the cache to make, which also says whether it ends when those who wait for it have gone. */
        public <T> Uni<T> run(Function<CallScope, Uni<T>> load) {
            made = true;
            if (!shared) {
                return load.apply(caller.within(timeout));
            }
            // each has its own, for the cache may give up one of them and go on with another
            CallScope own = caller.detached(end.remaining());
            return load.apply(own).onCancellation().invoke(own::cancel);
        }

        /** Waits for a read, in the caller's scope. */
        public <T> Uni<T> await(Uni<T> read) {
            return shared ? caller.within(timeout.plus(LOOK_UP)).run(read) : read;
        }

        /** What this caller waited for has failed; {@code client} is told where the load was not its own. */
        public void ended(Throwable failure, SharedCalls client) {
            if (!made) {
                client.shared(caller, failure);
            }
        }
    }
}

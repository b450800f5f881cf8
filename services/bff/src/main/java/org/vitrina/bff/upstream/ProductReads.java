package org.vitrina.bff.upstream;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.vitrina.cache.Cache;
import org.vitrina.cache.Cached;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reason;

/** Reads what a service says of many products: copies where they are young enough, the service where not. Never fails. */
public final class ProductReads<V> {
    private final Cache<V> cache;
    private final LoadBudget budget;
    private final Duration timeout;
    private final SharedCalls client;
    private final BiFunction<CallScope, List<String>, Uni<Map<String, V>>> load;

    /**
     * @param timeout of the service's calls
     * @param load asks the service; fails with {@link org.vitrina.cache.PartialLoadException} where it has some only
     */
    public ProductReads(
            Cache<V> cache,
            LoadBudget budget,
            Duration timeout,
            SharedCalls client,
            BiFunction<CallScope, List<String>, Uni<Map<String, V>>> load) {
        this.cache = cache;
        this.budget = budget;
        this.timeout = timeout;
        this.client = client;
        this.load = load;
    }

    /** Values of these products, each at most once; what cannot be had in time is missing. */
    public Uni<ValuesByProduct<V>> values(CallScope scope, List<String> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().item(new ValuesByProduct<>(Map.of(), 0, null, 0, Duration.ZERO));
        }
        return read(scope, ids).chain(many -> completed(ids, many)).map(many -> judge(ids, many));
    }

    private Uni<Cache.Many<V>> read(CallScope scope, List<String> ids) {
        LoadBudget.Load own = budget.load(scope, timeout);
        Uni<Cache.Many<V>> read = cache.getAll(ids, missing -> own.run(mine -> load.apply(mine, missing)));
        return own.await(read)
                .onFailure()
                .recoverWithItem(failure -> new Cache.Many<>(Map.of(), failure))
                .invoke(many -> {
                    if (many.failure() != null) {
                        own.ended(many.failure(), client);
                    }
                });
    }

    /** Asked for once more after a failure: the look-up before may have been too late for copies that are there. */
    private Uni<Cache.Many<V>> completed(List<String> ids, Cache.Many<V> many) {
        if (many.failure() == null || many.found().size() == ids.size()) {
            return Uni.createFrom().item(many);
        }
        List<String> missing =
                ids.stream().filter(id -> !many.found().containsKey(id)).toList();
        return cache.staleAll(missing).map(copies -> {
            Map<String, Cached<V>> all = new HashMap<>(many.found());
            all.putAll(copies);
            return new Cache.Many<>(all, many.failure());
        });
    }

    private static <V> ValuesByProduct<V> judge(List<String> ids, Cache.Many<V> many) {
        int stale = 0;
        Duration oldest = Duration.ZERO;
        for (Cached<V> value : many.found().values()) {
            if (value.origin() == Cached.Origin.STALE) {
                stale++;
                oldest = value.age().compareTo(oldest) > 0 ? value.age() : oldest;
            }
        }
        if (many.failure() == null) {
            return new ValuesByProduct<>(many.found(), 0, stale > 0 ? Reason.STALE : null, stale, oldest);
        }
        int missing = ids.size() - many.found().size();
        Reason why = UpstreamProblems.reason(many.failure());
        Reason reason = missing == 0 && stale == 0 ? null : stale > missing ? Reason.STALE : why;
        return new ValuesByProduct<>(many.found(), missing, reason, stale, oldest);
    }
}

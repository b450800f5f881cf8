package org.vitrina.bff.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.LoadBudget;
import org.vitrina.bff.upstream.UpstreamProblems;
import org.vitrina.cache.Cache;
import org.vitrina.cache.CacheSpec;
import org.vitrina.cache.Cached;
import org.vitrina.cache.Caches;
import org.vitrina.cache.Codec;
import org.vitrina.cache.PartialLoadException;
import org.vitrina.client.CallFailure;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reason;

/** Stock levels: copies where they are young enough, the inventory service where not. Never fails. */
@ApplicationScoped
public class Stock {
    private final InventoryClient client;
    private final boolean batch;
    private final Duration timeout;
    private final LoadBudget budget;
    private final Cache<Integer> levels;
    private final LevelsByProduct.Line line;

    Stock(InventoryClient client, BffConfig config, Caches caches, LoadBudget budget) {
        this.client = client;
        this.batch = config.inventory().batch();
        this.timeout = config.inventory().timeout();
        this.budget = budget;
        this.line = new LevelsByProduct.Line(
                config.inventory().maxConnections(), config.inventory().maxWaiting());
        this.levels = caches.create(
                CacheSpec.named("inventory", Codec.of(Stock::bytes, Stock::level))
                        .withTtl(config.inventory().ttl())
                        .withMaxStale(config.inventory().maxStale())
                        .withNegativeTtl(config.inventory().unknownTtl()),
                client::refusal);
    }

    /** Levels of these products, each at most once; what cannot be had in time is missing. */
    public Uni<Levels> levels(CallScope scope, List<String> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().item(new Levels(Map.of(), 0, null, 0, Duration.ZERO));
        }
        return read(scope, ids).chain(many -> completed(ids, many)).map(many -> judge(ids, many));
    }

    private Uni<Cache.Many<Integer>> read(CallScope scope, List<String> ids) {
        LoadBudget.Load own = budget.load(scope, timeout);
        Uni<Cache.Many<Integer>> read =
                levels.getAll(ids, missing -> own.run(mine -> batch ? together(mine, missing) : each(mine, missing)));
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
    private Uni<Cache.Many<Integer>> completed(List<String> ids, Cache.Many<Integer> many) {
        if (many.failure() == null || many.found().size() == ids.size()) {
            return Uni.createFrom().item(many);
        }
        List<String> missing =
                ids.stream().filter(id -> !many.found().containsKey(id)).toList();
        return levels.staleAll(missing).map(copies -> {
            Map<String, Cached<Integer>> all = new HashMap<>(many.found());
            all.putAll(copies);
            return new Cache.Many<>(all, many.failure());
        });
    }

    private Uni<Map<String, Integer>> together(CallScope scope, List<String> ids) {
        return client.levels(scope, ids).map(batch -> {
            if (batch.late().isEmpty()) {
                return batch.known();
            }
            throw new PartialLoadException(batch.known(), batch.late(), late());
        });
    }

    private Uni<Map<String, Integer>> each(CallScope scope, List<String> ids) {
        return Uni.createFrom().emitter(emitter -> new LevelsByProduct(client, line, scope, ids, emitter).start());
    }

    private static Levels judge(List<String> ids, Cache.Many<Integer> many) {
        int stale = 0;
        Duration oldest = Duration.ZERO;
        for (Cached<Integer> level : many.found().values()) {
            if (level.origin() == Cached.Origin.STALE) {
                stale++;
                oldest = level.age().compareTo(oldest) > 0 ? level.age() : oldest;
            }
        }
        if (many.failure() == null) {
            return new Levels(many.found(), 0, stale > 0 ? Reason.STALE : null, stale, oldest);
        }
        int missing = ids.size() - many.found().size();
        Reason why = UpstreamProblems.reason(many.failure());
        Reason reason = missing == 0 && stale == 0 ? null : stale > missing ? Reason.STALE : why;
        return new Levels(many.found(), missing, reason, stale, oldest);
    }

    private static CallFailure late() {
        return new CallFailure.Uncounted(Reason.TIMEOUT, "inventory did not know in time");
    }

    private static byte[] bytes(Integer level) {
        return new byte[] {(byte) (level >> 24), (byte) (level >> 16), (byte) (level >> 8), (byte) level.intValue()};
    }

    private static Integer level(byte[] bytes) {
        if (bytes.length != 4) {
            throw new IllegalArgumentException("a level has 4 bytes, not " + bytes.length);
        }
        return bytes[0] << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    }
}

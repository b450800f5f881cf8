package org.vitrina.bff.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.LoadBudget;
import org.vitrina.bff.upstream.ProductReads;
import org.vitrina.bff.upstream.ValuesByProduct;
import org.vitrina.cache.Cache;
import org.vitrina.cache.CacheSpec;
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
    private final ProductReads<Integer> reads;
    private final LevelsByProduct.Line line;

    Stock(InventoryClient client, BffConfig config, Caches caches, LoadBudget budget) {
        this.client = client;
        this.line = new LevelsByProduct.Line(
                config.inventory().maxConnections(), config.inventory().maxWaiting());
        Cache<Integer> levels = caches.create(
                CacheSpec.named("inventory", Codec.of(Stock::bytes, Stock::level))
                        .withTtl(config.inventory().ttl())
                        .withMaxStale(config.inventory().maxStale())
                        .withNegativeTtl(config.inventory().unknownTtl()),
                client::refusal);
        this.reads = new ProductReads<>(
                levels,
                budget,
                config.inventory().timeout(),
                client,
                config.inventory().batch() ? this::together : this::each);
    }

    /** Levels of these products, each at most once; what cannot be had in time is missing. */
    public Uni<ValuesByProduct<Integer>> levels(CallScope scope, List<String> ids) {
        return reads.values(scope, ids);
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

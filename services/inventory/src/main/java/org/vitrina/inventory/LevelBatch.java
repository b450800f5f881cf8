package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The levels that one caller asked for together, and those that have come so far. */
final class LevelBatch {
    private final List<Integer> asked;
    // A level may arrive on another thread than the one that answers at the deadline.
    private final Map<Integer, Integer> come = new ConcurrentHashMap<>();

    LevelBatch(List<Integer> asked) {
        this.asked = asked;
    }

    /** Completes when all levels that exist have come. */
    Uni<Void> gather(LevelSource source) {
        return source.levels(new LinkedHashSet<>(asked))
                .invoke(level -> come.put(level.productId(), level.inventory()))
                .onItem()
                .ignoreAsUni();
    }

    /** What has come, in the order asked, a product asked twice twice; {@code missing} tells why the rest has not. */
    List<ProductLevel> answer(ProductLevel.Reason missing) {
        return asked.stream().map(id -> answer(id, missing)).toList();
    }

    private ProductLevel answer(int productId, ProductLevel.Reason missing) {
        Integer inventory = come.get(productId);
        return new ProductLevel(productId, inventory, inventory == null ? missing : null);
    }
}

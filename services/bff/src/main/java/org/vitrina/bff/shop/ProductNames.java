package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.vitrina.bff.products.Catalog;
import org.vitrina.bff.products.CatalogItem;
import org.vitrina.bff.products.CatalogPage;
import org.vitrina.cache.Cached;
import org.vitrina.client.CallScope;

/** Names and prices of a few products at once, for pages that know only their ids. */
@Singleton
class ProductNames {
    private static final int MOST = 500;

    private final Catalog catalog;

    ProductNames(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * What products says of them.
     *
     * @param absent those that it does not have; none where it did not answer, or not lately
     */
    record Known(Map<Integer, CatalogItem> items, Set<Integer> absent) {
        private static final Known NOTHING = new Known(Map.of(), Set.of());
    }

    /** Those that products knows; none where it does not answer. */
    Uni<Map<Integer, CatalogItem>> of(CallScope scope, Collection<Integer> ids) {
        return known(scope, ids).map(Known::items);
    }

    Uni<Known> known(CallScope scope, Collection<Integer> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().item(Known.NOTHING);
        }
        // sorted: one list of products is one copy, in whatever order they are asked for
        String named = ids.stream()
                .distinct()
                .sorted()
                .limit(MOST)
                .map(String::valueOf)
                .collect(Collectors.joining(","));
        return catalog.page(scope, "?product_ids=" + named)
                .map(copy -> known(copy, ids))
                .onFailure()
                .recoverWithItem(failure -> Known.NOTHING);
    }

    private static Known known(Cached<CatalogPage> copy, Collection<Integer> ids) {
        Map<Integer, CatalogItem> items = new HashMap<>();
        copy.value().items().forEach(item -> items.put(item.id(), item));
        boolean all = copy.origin() != Cached.Origin.STALE && copy.value().next() == 0 && ids.size() <= MOST;
        Set<Integer> absent = new HashSet<>();
        if (all) {
            absent.addAll(ids);
            absent.removeAll(items.keySet());
        }
        return new Known(items, absent);
    }
}

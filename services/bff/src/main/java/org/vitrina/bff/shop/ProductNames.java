package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.vitrina.bff.products.Catalog;
import org.vitrina.bff.products.CatalogItem;
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

    /** Those that products knows; none where it does not answer. */
    Uni<Map<Integer, CatalogItem>> of(CallScope scope, Collection<Integer> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        // sorted: one list of products is one copy, in whatever order they are asked for
        String named = ids.stream()
                .distinct()
                .sorted()
                .limit(MOST)
                .map(String::valueOf)
                .collect(Collectors.joining(","));
        return catalog.page(scope, "?product_ids=" + named)
                .map(Cached::value)
                .map(page -> {
                    Map<Integer, CatalogItem> items = new HashMap<>();
                    page.items().forEach(item -> items.put(item.id(), item));
                    return items;
                })
                .onFailure()
                .recoverWithItem(failure -> new HashMap<>());
    }
}

package org.vitrina.bff.products;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.LoadBudget;
import org.vitrina.cache.Cache;
import org.vitrina.cache.CacheSpec;
import org.vitrina.cache.Cached;
import org.vitrina.cache.Caches;
import org.vitrina.cache.Codec;
import org.vitrina.client.CallScope;

/** The catalogue: copies where they are young enough, the products service where not. */
@ApplicationScoped
public class Catalog {
    private final ProductsClient client;
    private final Duration timeout;
    private final LoadBudget budget;
    private final Cache<CatalogPage> pages;
    private final Cache<Buffer> products;
    private final Cache<Buffer> categories;
    private volatile Named named = new Named(Buffer.buffer(), Map.of());

    /** A list of categories as it came, and what was read in it. */
    private record Named(Buffer list, Map<Integer, String> names) {}

    Catalog(ProductsClient client, BffConfig config, Caches caches, LoadBudget budget) {
        this.client = client;
        this.timeout = config.products().timeout();
        this.budget = budget;
        this.pages = caches.create(
                CacheSpec.named("products-pages", Codec.of(CatalogPage::encoded, CatalogPage::decoded))
                        .withSchemaVersion(2)
                        .withTtl(config.products().ttl())
                        .withMaxStale(config.products().maxStale()),
                client::refusal);
        this.products = caches.create(
                CacheSpec.named("products", Codec.buffer())
                        .withTtl(config.products().ttl())
                        .withMaxStale(config.products().maxStale())
                        .withNegativeTtl(Duration.ofSeconds(1)),
                client::refusal);
        this.categories = caches.create(
                CacheSpec.named("categories", Codec.buffer())
                        .withTtl(config.products().ttl())
                        .withMaxStale(config.products().maxStale()),
                client::refusal);
    }

    /**
     * A page of the catalogue.
     *
     * @param query {@code ?limit=…&after=…}, or empty
     * @return fails with a {@link org.vitrina.client.CallFailure} when there is neither answer nor copy
     */
    public Uni<Cached<CatalogPage>> page(CallScope scope, String query) {
        return read(scope, pages, "page" + query, own -> client.page(own, query));
    }

    /** One product's JSON object; the item is null where products does not know the id. */
    public Uni<@Nullable Cached<Buffer>> product(CallScope scope, int id) {
        return read(scope, products, Integer.toString(id), own -> client.product(own, id));
    }

    /** The names of categories by id; fails as {@link #page}. */
    public Uni<Map<Integer, String>> categories(CallScope scope) {
        return read(scope, categories, "all", client::categories).map(found -> named(found.value()));
    }

    /** Each page asks for them, and they are seldom others than before. */
    private Map<Integer, String> named(Buffer list) {
        Named last = named;
        if (!last.list().equals(list)) {
            last = new Named(list, names(new JsonArray(list)));
            named = last;
        }
        return last.names();
    }

    private static Map<Integer, String> names(JsonArray categories) {
        Map<Integer, String> names = new LinkedHashMap<>();
        for (Object each : categories) {
            if (each instanceof JsonObject category
                    && category.getValue("category_id") instanceof Integer id
                    && category.getValue("name") instanceof String name) {
                names.put(id, name);
            }
        }
        return Collections.unmodifiableMap(names);
    }

    private <V> Uni<Cached<V>> read(CallScope scope, Cache<V> cache, String key, Function<CallScope, Uni<V>> load) {
        String ofRelease = scope.carried().releases().key("products", key);
        return budget.read(budget.load(scope, timeout), cache, ofRelease, load, client);
    }
}

package org.vitrina.bff.parts;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.vitrina.bff.PageConfig;
import org.vitrina.bff.upstream.LoadBudget;
import org.vitrina.bff.upstream.ProductReads;
import org.vitrina.bff.upstream.ValuesByProduct;
import org.vitrina.cache.CacheSpec;
import org.vitrina.cache.Caches;
import org.vitrina.cache.Codec;
import org.vitrina.client.CallScope;
import org.vitrina.client.Replies;
import org.vitrina.client.Upstreams;

/** A declared part with a value for each product of a page: copies where they are young enough, its service where not. */
public final class ProductPart extends DeclaredPart {
    private final PartClient client;
    private final PartUrl url;
    private final String key;
    private final ProductReads<Buffer> reads;

    ProductPart(
            String name, PageConfig.Part config, PartUrl url, Upstreams upstreams, Caches caches, LoadBudget budget) {
        super(name, config);
        this.client = new PartClient(name, config, url, upstreams);
        this.url = url;
        this.key = config.key().orElseThrow();
        // copies of another declaration under the same name mean something else
        int version = Objects.hash(config.url(), key, field()) & Integer.MAX_VALUE;
        this.reads = new ProductReads<>(
                caches.create(
                        CacheSpec.named("part-" + name, Codec.buffer())
                                .withSchemaVersion(version)
                                .withTtl(config.ttl())
                                .withMaxStale(config.maxStale()),
                        client::refusal),
                budget,
                config.timeout(),
                client,
                this::load);
    }

    /** The values of these products, each as the JSON that is sent on; never fails. */
    public Uni<ValuesByProduct<Buffer>> values(CallScope scope, List<String> ids) {
        return reads.values(scope, ids);
    }

    private Uni<Map<String, Buffer>> load(CallScope scope, List<String> ids) {
        return client.get(
                scope,
                url.target(String.join(",", ids)),
                reply -> PartAnswers.ofProducts(Replies.ok(name(), reply).body(), key, field(), new HashSet<>(ids)));
    }
}

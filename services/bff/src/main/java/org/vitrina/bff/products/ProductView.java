package org.vitrina.bff.products;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.inventory.Stock;
import org.vitrina.bff.upstream.JsonBytes;
import org.vitrina.bff.upstream.UpstreamProblems;
import org.vitrina.bff.upstream.ValuesByProduct;
import org.vitrina.cache.Cached;
import org.vitrina.cache.Caches;
import org.vitrina.client.CallScope;
import org.vitrina.client.Reason;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** One product as products has it, with what can still be sold; both are asked at once. */
@ApplicationScoped
public class ProductView {
    private final Catalog catalog;
    private final Stock stock;
    private final BffConfig config;
    private final boolean keepsCopies;

    ProductView(Catalog catalog, Stock stock, BffConfig config, Caches caches) {
        this.catalog = catalog;
        this.stock = stock;
        this.config = config;
        this.keepsCopies = !caches.status().topology().equals("off");
    }

    /**
     * One product, as JSON.
     *
     * @param complete whether nothing is missing and nothing old
     * @param productAge of the copy that was used; zero where it was loaded for this answer, as the next
     * @param levelAge of the copy that was used
     * @param cacheStatus what our cache did for it, as {@code Cache-Status} says it (RFC 9211)
     */
    record Shown(JsonBytes body, boolean complete, Duration productAge, Duration levelAge, String cacheStatus) {}

    Uni<Shown> product(CallScope scope, int id) {
        String key = Integer.toString(id);
        Uni<@Nullable Cached<Buffer>> product = catalog.product(scope, id)
                .onFailure()
                .transform(failure -> UpstreamProblems.read("products", failure, config.products()))
                .onItem()
                .ifNull()
                .failWith(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no product " + id + "."));
        return Uni.combine()
                .all()
                .unis(product, stock.levels(scope, List.of(key)))
                .with((found, levels) -> shown(found, levels, key));
    }

    private Shown shown(Cached<Buffer> product, ValuesByProduct<Integer> levels, String key) {
        byte[] json = product.value().getBytes();
        int end = json.length - 1;
        while (json[end] != '}') {
            end--;
        }
        var out = new JsonBytes(json.length + 128).write(json, 0, end).write(",\"inventory\":");
        Cached<Integer> level = levels.known().get(key);
        if (level == null) {
            out.write("null");
        } else {
            out.write(level.value());
        }
        out.write(",\"degraded\":[");
        boolean stale = product.origin() == Cached.Origin.STALE;
        if (stale) {
            out.write("{\"part\":\"products\",\"reason\":\"stale\",\"age_ms\":")
                    .write(product.age().toMillis())
                    .write('}');
        }
        if (levels.reason() != null) {
            out.write(stale ? ",{" : "{")
                    .write("\"part\":\"inventory\",\"reason\":\"")
                    .write(levels.reason().text())
                    .write("\",\"missing\":")
                    .write(levels.missing());
            if (levels.reason() == Reason.STALE) {
                out.write(",\"age_ms\":").write(levels.oldest().toMillis());
            }
            out.write('}');
        }
        boolean complete = !stale && levels.reason() == null;
        return new Shown(
                out.write("]}"),
                complete,
                product.age(),
                level == null ? Duration.ZERO : level.age(),
                cacheStatus(isCopy(product), isCopy(level), complete));
    }

    private static boolean isCopy(@Nullable Cached<?> part) {
        return part != null && part.origin() != Cached.Origin.LOADED;
    }

    private String cacheStatus(boolean product, boolean level, boolean complete) {
        if (!keepsCopies) {
            return "bff; fwd=bypass";
        }
        if (product && level) {
            return complete ? "bff; hit" : "bff; hit; detail=stale";
        }
        return product || level ? "bff; fwd=partial" : "bff; fwd=miss";
    }
}

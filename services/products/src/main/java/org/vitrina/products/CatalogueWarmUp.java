package org.vitrina.products;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.vitrina.web.Dependency;

/**
 * Does the first page's work once before the service says that it is ready: a cold process takes longer for it than the
 * second that a page of the store has.
 */
@ApplicationScoped
class CatalogueWarmUp implements Dependency {
    private final ProductService products;
    private final ObjectMapper json;
    private volatile boolean warm;

    CatalogueWarmUp(ProductService products, ObjectMapper json) {
        this.products = products;
        this.json = json;
    }

    @Override
    public String name() {
        return "catalogue";
    }

    @Override
    public Uni<Void> check() {
        if (warm) {
            return Uni.createFrom().voidItem();
        }
        return products.page(ProductQuery.parse(null, null, null, null))
                .invoke(page -> {
                    write(page.products());
                    warm = true;
                })
                .replaceWithVoid();
    }

    private void write(List<ProductLine> lines) {
        try {
            json.writeValueAsBytes(lines);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a product cannot be written as JSON", e);
        }
    }
}

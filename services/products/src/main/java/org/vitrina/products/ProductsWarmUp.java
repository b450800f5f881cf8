package org.vitrina.products;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import org.vitrina.runtime.WarmUp;

/** Reads and writes the first page before the service is ready. */
@ApplicationScoped
class ProductsWarmUp extends WarmUp {
    private final ProductService products;
    private final ObjectMapper json;

    ProductsWarmUp(ProductService products, ObjectMapper json) {
        this.products = products;
        this.json = json;
    }

    @Override
    public String name() {
        return "catalogue";
    }

    @Override
    protected Uni<?> work() {
        return products.page(ProductQuery.parse(false, null, null, null, null, null))
                .invoke(Unchecked.consumer(page -> json.writeValueAsBytes(page.items())));
    }
}

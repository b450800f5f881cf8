package org.vitrina.products;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.http.RequestDeadline;

/** The categories of the catalogue over HTTP. */
@Path("/categories")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
class CategoryResource {
    private final ProductService products;
    private final RequestDeadline deadline;
    private final String caching;

    CategoryResource(ProductService products, RequestDeadline deadline, ProductsConfig config) {
        this.products = products;
        this.deadline = deadline;
        this.caching = ProductResource.listCaching(config);
    }

    @GET
    public Uni<RestResponse<List<Category>>> list() {
        return deadline.bound(products.categories()).map(found -> RestResponse.ResponseBuilder.ok(found)
                .header(HttpHeaders.CACHE_CONTROL, caching)
                .build());
    }
}

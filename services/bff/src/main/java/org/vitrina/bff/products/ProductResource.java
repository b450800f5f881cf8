package org.vitrina.bff.products;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.http.ETags;

/** {@code GET /products/{id}}: one product with its stock. */
@Path("/products/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class ProductResource {
    private final ProductView view;
    private final Scopes scopes;

    ProductResource(ProductView view, Scopes scopes) {
        this.view = view;
        this.scopes = scopes;
    }

    @GET
    public Uni<RestResponse<byte[]>> product(
            @RestPath String id, @HeaderParam("If-None-Match") @Nullable String known) {
        int product = CurrentUser.number("id", id, Integer.MAX_VALUE);
        return view.product(scopes.open(), product).map(body -> response(body, known));
    }

    private static RestResponse<byte[]> response(byte[] body, @Nullable String known) {
        String etag = ETags.ofContent(body);
        if (known != null && !ETags.noneMatch(known, etag)) {
            return RestResponse.ResponseBuilder.<byte[]>notModified()
                    .header("ETag", etag)
                    .build();
        }
        return RestResponse.ResponseBuilder.ok(body).header("ETag", etag).build();
    }
}

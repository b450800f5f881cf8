package org.vitrina.products;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.identity.Roles;

/** The writes of {@link ProductResource} under the path that older clients use. */
@Path("/product")
@RolesAllowed(Roles.ADMIN)
@Produces(MediaType.APPLICATION_JSON)
class ProductAliasResource {
    private final ProductResource products;

    ProductAliasResource(ProductResource products) {
        this.products = products;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Product>> create(@Nullable ProductInput input) {
        return products.create(input);
    }

    @PATCH
    @Path("/{id}")
    @Consumes(ProductResource.MERGE_PATCH)
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = ProductResource.MERGE_PATCH,
                            schema = @Schema(implementation = ProductPatch.class)))
    public Uni<RestResponse<Product>> patch(
            @PathParam("id") int id,
            @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
            @Nullable ProductPatch patch) {
        return products.patch(id, ifMatch, patch);
    }
}

package org.vitrina.products;

import io.smallrye.mutiny.Uni;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The writes of {@link ProductResource} under the path that older clients use. */
@Path("/product")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "products")
class ProductAliasResource {
    private final ProductResource products;

    ProductAliasResource(ProductResource products) {
        this.products = products;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createProductAlias", summary = "The same as POST /products/")
    @APIResponse(
            responseCode = "201",
            description = "As POST /products/.",
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Product.class)))
    @APIResponse(responseCode = "400", description = "As POST /products/.")
    @APIResponse(responseCode = "415", description = "As POST /products/.")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked.")
    @APIResponse(responseCode = "504", description = "Not within the deadline.")
    public Uni<RestResponse<Product>> create(@Nullable ProductInput input) {
        return products.create(input);
    }

    @PATCH
    @Path("/{id}")
    @Consumes(ProductResource.MERGE_PATCH)
    @Operation(operationId = "patchProductAlias", summary = "The same as PATCH /products/{id}/")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = ProductResource.MERGE_PATCH,
                            schema = @Schema(implementation = ProductPatch.class)))
    @APIResponse(
            responseCode = "200",
            description = "As PATCH /products/{id}/.",
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Product.class)))
    @APIResponse(responseCode = "400", description = "As PATCH /products/{id}/.")
    @APIResponse(responseCode = "404", description = "As PATCH /products/{id}/.")
    @APIResponse(responseCode = "412", description = "As PATCH /products/{id}/.")
    @APIResponse(responseCode = "415", description = "As PATCH /products/{id}/.")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked.")
    @APIResponse(responseCode = "504", description = "Not within the deadline.")
    public Uni<RestResponse<Product>> patch(
            @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "2147483647"))
                    @PathParam("id")
                    int id,
            @Parameter(schema = @Schema(type = SchemaType.STRING)) @HeaderParam(HttpHeaders.IF_MATCH)
                    List<String> ifMatch,
            @Nullable ProductPatch patch) {
        return products.patch(id, ifMatch, patch);
    }
}

package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.ETags;
import org.vitrina.http.PathId;
import org.vitrina.identity.Roles;

/** Levels over HTTP. */
@Path("/")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
class InventoryResource {
    /** As docs/contracts.md has it: what a caller may ask in one batch. */
    static final int MOST_PRODUCTS = 500;

    private final InventoryService inventory;

    InventoryResource(InventoryService inventory) {
        this.inventory = inventory;
    }

    @GET
    @Path("/products/{id}/inventory")
    public Uni<Available> level(@PathParam("id") int productId) {
        return inventory.level(productId);
    }

    @GET
    @Path("/inventory")
    public Uni<List<ProductLevel>> levels(
            @Parameter(description = "1 to 500 product ids with commas between", required = true, example = "1,2,3")
                    @QueryParam("product_ids")
                    List<String> productIds) {
        return inventory.levels(ids(productIds));
    }

    @GET
    @Path("/products/{id}/stock")
    public Uni<RestResponse<OnStock>> onStock(@PathParam("id") int productId) {
        return inventory.onStock(productId).map(stock -> RestResponse.ResponseBuilder.ok(stock)
                .header(HttpHeaders.ETAG, stock.etag())
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .build());
    }

    @RolesAllowed(Roles.ADMIN)
    @PUT
    @Path("/products/{id}/inventory")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Available>> setOnHand(
            @PathParam("id") int productId,
            @Parameter(description = "Entity tags of the stock, one of which must be the present one; or *.")
                    @HeaderParam(HttpHeaders.IF_MATCH)
                    List<String> ifMatch,
            @NotNull @Valid OnHand onHand) {
        return inventory
                .setOnHand(productId, onHand.inventory(), ETags.field(ifMatch))
                .map(left -> RestResponse.ResponseBuilder.ok(left)
                        .header(HttpHeaders.ETAG, ETags.of(onHand.inventory()))
                        .build());
    }

    private static List<Integer> ids(List<String> productIds) {
        if (productIds.isEmpty()) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "product_ids is missing, such as product_ids=1,2,3.");
        }
        // The parameter may be repeated; -1 keeps the missing id after a last comma, which is a mistake too.
        String[] ids = String.join(",", productIds).split(",", -1);
        if (ids.length > MOST_PRODUCTS) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST,
                    "product_ids has " + ids.length + " ids, at most " + MOST_PRODUCTS + " are allowed.");
        }
        return Arrays.stream(ids).map(id -> PathId.parse("product_ids", id)).toList();
    }
}

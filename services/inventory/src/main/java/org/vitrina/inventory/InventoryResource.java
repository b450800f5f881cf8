package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.PathId;

/** Levels over HTTP. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "inventory")
class InventoryResource {
    /** As CONTRACTS has it: what a caller may ask in one batch. */
    static final int MOST_PRODUCTS = 500;

    private final InventoryService inventory;

    InventoryResource(InventoryService inventory) {
        this.inventory = inventory;
    }

    @GET
    @Path("/products/{id}/inventory")
    @Operation(operationId = "level", summary = "What can still be sold of a product")
    @APIResponse(responseCode = "200", description = "On hand less reserved")
    @APIResponse(responseCode = "400", description = "No product id")
    @APIResponse(responseCode = "404", description = "No level is known for this product")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<Available> level(@PathParam("id") int productId) {
        return inventory.level(productId);
    }

    @GET
    @Path("/inventory")
    @Operation(
            operationId = "levels",
            summary = "What can still be sold of several products, in the order asked",
            description = "At the deadline it answers what it knows; the rest is null with reason timeout.")
    @APIResponse(responseCode = "200", description = "An entry for each product asked")
    @APIResponse(responseCode = "400", description = "No product ids, more than 500, or one that is none")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    public Uni<List<ProductLevel>> levels(
            @Parameter(description = "1 to 500 product ids with commas between", required = true, example = "1,2,3")
                    @QueryParam("product_ids")
                    List<String> productIds) {
        return inventory.levels(ids(productIds));
    }

    @PUT
    @Path("/products/{id}/inventory")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "setOnHand", summary = "Sets how much of a product is on hand")
    @APIResponse(responseCode = "200", description = "What can be sold now")
    @APIResponse(responseCode = "400", description = "No product id or no amount")
    @APIResponse(responseCode = "409", description = "More than that is reserved, or inventory is simulated")
    @APIResponse(responseCode = "415", description = "The body is no JSON")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<Available> setOnHand(@PathParam("id") int productId, @NotNull @Valid OnHand onHand) {
        return inventory.setOnHand(productId, onHand.inventory());
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

package org.vitrina.cart;

import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestDeadline;

/** Users' carts over HTTP. */
@Path("/users/{id}/cart")
@PerUser
@Tag(name = "cart")
class CartResource {
    private final CartService carts;
    private final RequestDeadline deadline;

    CartResource(CartService carts, RequestDeadline deadline) {
        this.carts = carts;
        this.deadline = deadline;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "cart", summary = "The user's cart by product, empty if there is none")
    @APIResponse(responseCode = "200", description = "The lines")
    @APIResponse(responseCode = "400", description = "No user id")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<List<CartLine>> cart(@PathParam("id") int userId) {
        return deadline.bound(carts.of(userId));
    }

    @PUT
    @Path("/{product_id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "putLine", summary = "Puts this quantity of a product into the cart")
    @APIResponse(responseCode = "204", description = "It is in the cart")
    @APIResponse(responseCode = "400", description = "No user id, no product id, or a quantity outside 1..999")
    @APIResponse(responseCode = "409", description = "The cart is full")
    @APIResponse(responseCode = "415", description = "The body is no JSON")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<Void> put(
            @PathParam("id") int userId, @PathParam("product_id") int productId, @NotNull @Valid Quantity quantity) {
        return deadline.bound(carts.put(userId, productId, quantity.quantity()));
    }

    @DELETE
    @Path("/{product_id}")
    @Operation(operationId = "removeLine", summary = "Takes a product out of the cart")
    @APIResponse(responseCode = "204", description = "It is not in the cart")
    @APIResponse(responseCode = "400", description = "No user id or no product id")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<Void> remove(@PathParam("id") int userId, @PathParam("product_id") int productId) {
        return deadline.bound(carts.remove(userId, productId));
    }

    @DELETE
    @Operation(operationId = "clearCart", summary = "Empties the cart")
    @APIResponse(responseCode = "204", description = "The cart is empty")
    @APIResponse(responseCode = "400", description = "No user id")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<Void> clear(@PathParam("id") int userId) {
        return deadline.bound(carts.clear(userId));
    }
}

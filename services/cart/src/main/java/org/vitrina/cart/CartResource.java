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
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.OwnData;

/** Users' carts over HTTP. */
@Path("/users/{id}/cart")
@OwnData
@PerUser
class CartResource {
    private final CartService carts;
    private final RequestDeadline deadline;

    CartResource(CartService carts, RequestDeadline deadline) {
        this.carts = carts;
        this.deadline = deadline;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<List<CartLine>> cart(@PathParam("id") int userId) {
        return deadline.bound(carts.of(userId));
    }

    @PUT
    @Path("/{product_id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Void> put(
            @PathParam("id") int userId, @PathParam("product_id") int productId, @NotNull @Valid Quantity quantity) {
        return deadline.bound(carts.put(userId, productId, quantity.quantity()));
    }

    @DELETE
    @Path("/{product_id}")
    public Uni<Void> remove(@PathParam("id") int userId, @PathParam("product_id") int productId) {
        return deadline.bound(carts.remove(userId, productId));
    }

    @DELETE
    public Uni<Void> clear(@PathParam("id") int userId) {
        return deadline.bound(carts.clear(userId));
    }
}

package org.vitrina.cart;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.vitrina.http.Erasure;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.Roles;

/** What operators ask. */
@Path("/ops")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
class CartOpsResource {
    private final CartService carts;
    private final RequestDeadline deadline;

    CartOpsResource(CartService carts, RequestDeadline deadline) {
        this.carts = carts;
        this.deadline = deadline;
    }

    @DELETE
    @Path("/users/{id}")
    public Uni<Erasure> erase(@PathParam("id") int userId) {
        return deadline.bound(carts.erase(userId));
    }
}

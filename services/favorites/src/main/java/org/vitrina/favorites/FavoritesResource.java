package org.vitrina.favorites;

import io.smallrye.mutiny.Uni;
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

/** Users' favorites over HTTP. */
@Path("/users/{id}/favorites")
@OwnData
@PerUser
class FavoritesResource {
    private final FavoritesService favorites;
    private final RequestDeadline deadline;

    FavoritesResource(FavoritesService favorites, RequestDeadline deadline) {
        this.favorites = favorites;
        this.deadline = deadline;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<List<Favorite>> favorites(@PathParam("id") int userId) {
        return deadline.bound(favorites.of(userId));
    }

    @PUT
    @Path("/{product_id}")
    public Uni<Void> add(@PathParam("id") int userId, @PathParam("product_id") int productId) {
        return deadline.bound(favorites.add(userId, productId));
    }

    @DELETE
    @Path("/{product_id}")
    public Uni<Void> remove(@PathParam("id") int userId, @PathParam("product_id") int productId) {
        return deadline.bound(favorites.remove(userId, productId));
    }
}

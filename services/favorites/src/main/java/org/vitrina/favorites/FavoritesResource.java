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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestDeadline;

/** Users' favorites over HTTP. */
@Path("/users/{id}/favorites")
@PerUser
@Tag(name = "favorites")
class FavoritesResource {
    private final FavoritesService favorites;
    private final RequestDeadline deadline;

    FavoritesResource(FavoritesService favorites, RequestDeadline deadline) {
        this.favorites = favorites;
        this.deadline = deadline;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "favorites", summary = "The user's favorites by product")
    @APIResponse(responseCode = "200", description = "The favorites, at least one")
    @APIResponse(responseCode = "400", description = "No user id")
    @APIResponse(responseCode = "404", description = "The user has none")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<List<Favorite>> favorites(@PathParam("id") int userId) {
        return deadline.bound(favorites.of(userId));
    }

    @PUT
    @Path("/{product_id}")
    @Operation(operationId = "addFavorite", summary = "Marks a product")
    @APIResponse(responseCode = "204", description = "It is a favorite")
    @APIResponse(responseCode = "400", description = "No user id or no product id")
    @APIResponse(responseCode = "409", description = "The user has as many favorites as allowed")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<Void> add(@PathParam("id") int userId, @PathParam("product_id") int productId) {
        return deadline.bound(favorites.add(userId, productId));
    }

    @DELETE
    @Path("/{product_id}")
    @Operation(operationId = "removeFavorite", summary = "Unmarks a product")
    @APIResponse(responseCode = "204", description = "It is no favorite")
    @APIResponse(responseCode = "400", description = "No user id or no product id")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked")
    @APIResponse(responseCode = "504", description = "Not within the deadline")
    public Uni<Void> remove(@PathParam("id") int userId, @PathParam("product_id") int productId) {
        return deadline.bound(favorites.remove(userId, productId));
    }
}

package org.vitrina.bff.favorites;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.ResponseRelay;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.http.PerUser;
import org.vitrina.identity.OwnData;

/** {@code /favorites}: the asking user's favorites, as the favorites service keeps them. */
@OwnData
@Path("/favorites")
@PerUser
@Produces(MediaType.APPLICATION_JSON)
public class FavoritesResource {
    private final FavoritesClient favorites;
    private final BffConfig config;
    private final CurrentUser currentUser;
    private final Scopes scopes;
    private final ResponseRelay relay;

    FavoritesResource(
            FavoritesClient favorites, BffConfig config, CurrentUser currentUser, Scopes scopes, ResponseRelay relay) {
        this.favorites = favorites;
        this.config = config;
        this.currentUser = currentUser;
        this.scopes = scopes;
        this.relay = relay;
    }

    @GET
    public Uni<RestResponse<byte[]>> lines(@RestQuery("user_id") @Nullable String userId) {
        int user = currentUser.user(userId);
        return relay.read("favorites", config.favorites(), favorites.list(scopes.open(), user));
    }

    @PUT
    @Path("/{product_id}")
    public Uni<RestResponse<byte[]>> put(
            @RestPath("product_id") String productId, @RestQuery("user_id") @Nullable String userId) {
        int user = currentUser.user(userId);
        int product = CurrentUser.number("product_id", productId, Integer.MAX_VALUE);
        return relay.write("favorites", config.favorites(), favorites.put(scopes.open(), user, product));
    }

    @DELETE
    @Path("/{product_id}")
    public Uni<RestResponse<byte[]>> delete(
            @RestPath("product_id") String productId, @RestQuery("user_id") @Nullable String userId) {
        int user = currentUser.user(userId);
        int product = CurrentUser.number("product_id", productId, Integer.MAX_VALUE);
        return relay.write("favorites", config.favorites(), favorites.delete(scopes.open(), user, product));
    }
}

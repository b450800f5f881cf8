package org.vitrina.bff.favorites;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.ResponseRelay;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.http.PerUser;

/** {@code /favorites}: the asking user's favorites, as the favorites service keeps them. */
@Path("/favorites")
@PerUser
@Produces(MediaType.APPLICATION_JSON)
@APIResponse(responseCode = "400", description = "An id is not valid")
@APIResponse(responseCode = "503", description = "The favorites' circuit is open, or overloaded; see Retry-After")
public class FavoritesResource {
    private final FavoritesClient favorites;
    private final BffConfig config;
    private final CurrentUser currentUser;
    private final Scopes scopes;
    private final ResponseRelay relay;

    FavoritesResource(FavoritesClient favorites, BffConfig config, CurrentUser currentUser, Scopes scopes, ResponseRelay relay) {
        this.favorites = favorites;
        this.config = config;
        this.currentUser = currentUser;
        this.scopes = scopes;
        this.relay = relay;
    }

    @GET
    @Operation(summary = "The favorites")
    @APIResponse(responseCode = "200", description = "[{product_id}]")
    @APIResponse(responseCode = "404", description = "The user has none")
    @APIResponse(responseCode = "500", description = "Favorites failed")
    @APIResponse(responseCode = "504", description = "Favorites did not answer in time")
    public Uni<RestResponse<byte[]>> lines(@RestQuery("user_id") @Nullable String userId) {
        int user = currentUser.user(userId);
        return scopes.run(scope -> relay.read(
                "favorites",
                config.favorites(),
                favorites.list(scope.within(config.favorites().timeout()), user)));
    }

    @PUT
    @Path("/{product_id}")
    @Operation(summary = "Makes a product a favorite")
    @APIResponse(responseCode = "204", description = "It is one")
    @APIResponse(responseCode = "504", description = "outcome-unknown: repeat the request")
    public Uni<RestResponse<byte[]>> put(
            @RestPath("product_id") String productId, @RestQuery("user_id") @Nullable String userId) {
        int user = currentUser.user(userId);
        int product = CurrentUser.number("product_id", productId, Integer.MAX_VALUE);
        return scopes.run(scope -> relay.write(
                "favorites",
                config.favorites(),
                favorites.put(scope.within(config.favorites().timeout()), user, product)));
    }

    @DELETE
    @Path("/{product_id}")
    @Operation(summary = "Makes a product no favorite")
    @APIResponse(responseCode = "204", description = "It is none")
    @APIResponse(responseCode = "504", description = "outcome-unknown: repeat the request")
    public Uni<RestResponse<byte[]>> delete(
            @RestPath("product_id") String productId, @RestQuery("user_id") @Nullable String userId) {
        int user = currentUser.user(userId);
        int product = CurrentUser.number("product_id", productId, Integer.MAX_VALUE);
        return scopes.run(scope -> relay.write(
                "favorites",
                config.favorites(),
                favorites.delete(scope.within(config.favorites().timeout()), user, product)));
    }
}

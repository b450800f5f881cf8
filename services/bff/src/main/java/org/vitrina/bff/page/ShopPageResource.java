package org.vitrina.bff.page;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.http.PerUser;

/** {@code GET /products/all}: the shop page. */
@Path("/products/all")
@Produces(MediaType.APPLICATION_JSON)
public class ShopPageResource {
    private final ShopPage page;
    private final CurrentUser currentUser;
    private final Scopes scopes;

    ShopPageResource(ShopPage page, CurrentUser currentUser, Scopes scopes) {
        this.page = page;
        this.currentUser = currentUser;
        this.scopes = scopes;
    }

    @GET
    @PerUser
    @Operation(summary = "The shop page: products with stock, and how much is in cart and favorites")
    @APIResponse(
            responseCode = "200",
            description = "The page; parts that did not come in time are null and named in degraded",
            content = @Content(schema = @Schema(implementation = ShopPageView.class)))
    @APIResponse(responseCode = "400", description = "A query parameter is no such number")
    @APIResponse(responseCode = "500", description = "The catalogue failed and there is no copy")
    @APIResponse(responseCode = "503", description = "The catalogue's circuit is open, or overloaded; see Retry-After")
    @APIResponse(responseCode = "504", description = "The catalogue did not answer in time and there is no copy")
    public Uni<RestResponse<byte[]>> all(
            @RestQuery("user_id") @Nullable String userId,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String after,
            @RestQuery("category_id") @Nullable String categoryId) {
        int user = currentUser.user(userId);
        var query = PageQuery.of(limit, after, categoryId);
        return scopes.run(scope -> page.all(scope, query, user)).map(ShopPageResource::response);
    }

    private static RestResponse<byte[]> response(ShopPage.Answer answer) {
        var response = RestResponse.ResponseBuilder.ok(answer.body().toBytes())
                .header("Server-Timing", answer.timings().toString());
        if (answer.link() != null) {
            response.header("Link", answer.link());
        }
        return response.build();
    }
}

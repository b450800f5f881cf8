package org.vitrina.bff.page;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.CallScope;
import org.vitrina.http.PerUser;
import org.vitrina.http.RequestDeadline;

/** {@code GET /products/all}: the shop page. */
@PermitAll
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
    @APIResponseSchema(ShopPageView.class)
    public Uni<RestResponse<byte[]>> all(
            @RestQuery("user_id") @Nullable String userId,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String after,
            @RestQuery("category_id") @Nullable String categoryId) {
        int user = currentUser.user(userId);
        var query = PageQuery.of(limit, after, categoryId);
        CallScope scope = scopes.open();
        return page.all(scope, query, user)
                .map(answer -> response(answer, !answer.complete() && Scopes.cutShort(scope)));
    }

    private static RestResponse<byte[]> response(ShopPage.Answer answer, boolean cutShort) {
        var response = RestResponse.ResponseBuilder.ok(answer.body().toBytes())
                .header("Server-Timing", answer.timings().toString());
        if (answer.link() != null) {
            response.header("Link", answer.link());
        }
        if (cutShort) {
            response.header(RequestDeadline.EXCEEDED, "true");
        }
        return response.build();
    }
}

package org.vitrina.bff.shop;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.upstream.Scopes;

/** {@code /shop}: the page at {@code /}, whatever the caller asks for; so a process can warm it up by asking itself. */
@PermitAll
@Path("/shop")
@Produces(PageGate.HTML)
public class ShopResource {
    private final Home home;
    private final Visits visits;
    private final Scopes scopes;

    ShopResource(Home home, Visits visits, Scopes scopes) {
        this.home = home;
        this.visits = visits;
        this.scopes = scopes;
    }

    @GET
    @Operation(hidden = true)
    public RestMulti<byte[]> page(
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String after,
            @RestQuery("category_id") @Nullable String categoryId,
            @RestQuery("q") @Nullable String search) {
        return home.page(scopes.open(), Home.query(limit, after, categoryId, search), visits.current());
    }
}

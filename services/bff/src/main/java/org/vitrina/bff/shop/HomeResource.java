package org.vitrina.bff.shop;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.upstream.Scopes;

/** {@code /}: the shop as people see it; text for programs that do not ask for HTML (see {@link PageGate}). */
@PermitAll
@Path("/")
public class HomeResource {
    private final Home home;
    private final HomeText text;
    private final Visits visits;
    private final Scopes scopes;

    HomeResource(Home home, HomeText text, Visits visits, Scopes scopes) {
        this.home = home;
        this.text = text;
        this.visits = visits;
        this.scopes = scopes;
    }

    @GET
    @Produces(PageGate.HTML)
    @Operation(hidden = true)
    public RestMulti<byte[]> page(
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String after,
            @RestQuery("category_id") @Nullable String categoryId,
            @RestQuery("q") @Nullable String search) {
        return home.page(scopes.open(), Home.query(limit, after, categoryId, search), visits.current());
    }

    @GET
    @Produces(PageGate.TEXT)
    @Operation(hidden = true)
    public Uni<String> text(
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String after,
            @RestQuery("category_id") @Nullable String categoryId,
            @RestQuery("q") @Nullable String search,
            HttpServerRequest asked) {
        return text.text(
                scopes.open(), Home.query(limit, after, categoryId, search), visits.current(), PageGate.host(asked));
    }
}

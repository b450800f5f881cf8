package org.vitrina.bff.products;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.vitrina.bff.BffConfig;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.bff.upstream.Scopes;
import org.vitrina.client.CallScope;
import org.vitrina.http.ETags;
import org.vitrina.http.RequestDeadline;

/** {@code GET /products/{id}}: one product with its stock. */
@PermitAll
@Path("/products/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class ProductResource {
    private final ProductView view;
    private final Scopes scopes;
    /** As long as a copy of ours counts, of its parts the one that ages first. */
    private final String caching;

    /** How much longer than that a copy of each part counts. */
    private final Duration productLeeway;

    private final Duration levelLeeway;

    ProductResource(ProductView view, Scopes scopes, BffConfig config) {
        this.view = view;
        this.scopes = scopes;
        long life = shorter(config.products().ttl(), config.inventory().ttl());
        this.caching = "public, max-age=%d, stale-while-revalidate=%d, stale-if-error=%d"
                .formatted(
                        life,
                        // who comes in the moment of the change need not wait for it
                        life,
                        shorter(config.products().maxStale(), config.inventory().maxStale()));
        this.productLeeway = config.products().ttl().minusSeconds(life);
        this.levelLeeway = config.inventory().ttl().minusSeconds(life);
    }

    private static long shorter(Duration one, Duration other) {
        return Math.min(one.toSeconds(), other.toSeconds());
    }

    @GET
    public Uni<RestResponse<byte[]>> product(
            @RestPath String id, @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> known) {
        int product = CurrentUser.number("id", id, Integer.MAX_VALUE);
        CallScope scope = scopes.open();
        return view.product(scope, product).map(shown -> response(shown, known, Scopes.cutShort(scope)));
    }

    private RestResponse<byte[]> response(ProductView.Shown shown, List<String> known, boolean cutShort) {
        byte[] body = shown.body().toBytes();
        String etag = ETags.ofContent(body);
        var answer = ETags.noneMatch(ETags.field(known), etag)
                ? RestResponse.ResponseBuilder.ok(body)
                : RestResponse.ResponseBuilder.<byte[]>notModified();
        if (!shown.complete() && cutShort) {
            answer.header(RequestDeadline.EXCEEDED, "true");
        }
        return answer.header(HttpHeaders.ETAG, etag)
                .header(HttpHeaders.CACHE_CONTROL, shown.complete() ? caching : "no-cache")
                .header("Age", age(shown))
                .header("Cache-Status", shown.cacheStatus())
                .build();
    }

    /** How many seconds of its {@code max-age} the answer has behind it: as many as the part that is nearest to its end. */
    private long age(ProductView.Shown shown) {
        long ofProduct = shown.productAge().minus(productLeeway).toSeconds();
        long ofLevel = shown.levelAge().minus(levelLeeway).toSeconds();
        return Math.max(0, Math.max(ofProduct, ofLevel));
    }
}

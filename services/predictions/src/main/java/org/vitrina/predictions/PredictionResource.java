package org.vitrina.predictions;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.cache.Cached;
import org.vitrina.http.ETags;
import org.vitrina.http.Page;
import org.vitrina.http.PathId;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.Roles;

/** Products' predictions over HTTP. */
@Path("/predictions")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
class PredictionResource {
    private static final String AGE = "Age";
    /** RFC 9211. */
    private static final String CACHE_STATUS = "Cache-Status";

    private static final int USUAL = 100;
    private static final int MOST = 500;

    private final PredictionService predictions;
    private final RequestDeadline deadline;
    private final String caching;

    PredictionResource(PredictionService predictions, RequestDeadline deadline, PredictionsConfig config) {
        this.predictions = predictions;
        this.deadline = deadline;
        this.caching = "public, max-age=%d, stale-if-error=%d"
                .formatted(config.maxAge().toSeconds(), config.staleIfError().toSeconds());
    }

    @GET
    @Path("/product/{product_id}")
    public Uni<RestResponse<Prediction>> ofProduct(
            @PathParam("product_id") int productId,
            @Parameter(
                            description = "The day (UTC) at whose end it was valid; left out: the latest.",
                            schema = @Schema(type = SchemaType.STRING, format = "date", examples = "2026-01-31"))
                    @QueryParam("date")
                    @Nullable
                    String date,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> ifNoneMatch) {
        if (date != null) {
            return deadline.bound(predictions.at(productId, Days.day("date", date)))
                    .map(found -> answer(found, ifNoneMatch).build());
        }
        return deadline.bound(predictions.latest(productId)).map(found -> {
            var answer = answer(found.value(), ifNoneMatch);
            if (found.origin() != Cached.Origin.LOADED) {
                answer.header(AGE, seconds(found.age()));
            }
            if (found.origin() == Cached.Origin.STALE) {
                answer.header(CACHE_STATUS, "predictions; hit; detail=stale");
            }
            return answer.build();
        });
    }

    private RestResponse.ResponseBuilder<Prediction> answer(Prediction found, List<String> ifNoneMatch) {
        String etag = ETags.ofContent(found.toString().getBytes(StandardCharsets.UTF_8));
        var answer = ETags.noneMatch(ETags.field(ifNoneMatch), etag)
                ? RestResponse.ResponseBuilder.ok(found)
                : RestResponse.ResponseBuilder.<Prediction>create(RestResponse.Status.NOT_MODIFIED);
        return answer.header(HttpHeaders.ETAG, etag).header(HttpHeaders.CACHE_CONTROL, caching);
    }

    private static long seconds(Duration age) {
        return Math.max(0, age.toSeconds());
    }

    @GET
    @Path("/category/{category_id}")
    public Uni<RestResponse<List<Prediction>>> ofCategory(
            @PathParam("category_id") int categoryId,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "500",
                                            defaultValue = "100"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(description = "Only of products with a higher id") @QueryParam("after") @Nullable String after,
            @Context UriInfo uri) {
        int most = Page.limit(limit, USUAL, MOST);
        int cursor = after == null ? 0 : PathId.parse("after", after);
        // one more than is shown tells whether there is a next page
        return deadline.bound(predictions.ofCategory(categoryId, cursor, most + 1))
                .map(found -> Page.of(found, most)
                        .answer(uri, "after", Prediction::productId)
                        .header(HttpHeaders.CACHE_CONTROL, caching)
                        .build());
    }

    @RolesAllowed(Roles.ADMIN)
    @DELETE
    @Path("/product/{product_id}")
    public Uni<Void> delete(@PathParam("product_id") int productId) {
        return deadline.bound(predictions.delete(productId));
    }
}

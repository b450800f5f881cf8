package org.vitrina.products;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.core.VariantHeader;
import org.vitrina.http.ETags;
import org.vitrina.http.RequestDeadline;
import org.vitrina.identity.Roles;

/** The catalogue over HTTP. */
@Path("/products")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
class ProductResource {
    static final String MERGE_PATCH = "application/merge-patch+json";

    private static final String IF_MATCH = "Entity tags, one of which must be the present one; or *.";

    private final ProductService products;
    private final RequestDeadline deadline;
    private final String listCaching;

    ProductResource(ProductService products, RequestDeadline deadline, ProductsConfig config) {
        this.products = products;
        this.deadline = deadline;
        this.listCaching = listCaching(config);
    }

    /** How long a list may be kept by those on its way. */
    static String listCaching(ProductsConfig config) {
        return "public, max-age=%d, stale-if-error=%d"
                .formatted(
                        config.listMaxAge().toSeconds(),
                        config.listStaleIfError().toSeconds());
    }

    @GET
    public Uni<RestResponse<List<ProductLine>>> list(
            @Parameter(
                            description = "How many at most; all that are named if product_ids is given.",
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "500",
                                            defaultValue = "100"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(
                            description = "Only products with a higher id.",
                            schema = @Schema(type = SchemaType.INTEGER, format = "int64", minimum = "1"))
                    @QueryParam("after")
                    @Nullable
                    String after,
            @Parameter(
                            description = "Only products of this category.",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
                    @QueryParam("category_id")
                    @Nullable
                    String categoryId,
            @Parameter(
                            description =
                                    "Only these products, at most 500, separated by commas; unknown ones are left out.",
                            schema = @Schema(type = SchemaType.STRING, examples = "1,2"))
                    @QueryParam("product_ids")
                    List<String> productIds,
            @Parameter(
                            description =
                                    "Only products whose names have these words, or words that begin so; the first ten count.",
                            schema = @Schema(type = SchemaType.STRING, maxLength = SearchWords.MAX_LENGTH))
                    @QueryParam("q")
                    @Nullable
                    String search,
            @Parameter(hidden = true) @HeaderParam(VariantHeader.NAME) @Nullable String variant,
            @Context UriInfo uri) {
        // a list of no products is a mistake, not a request for all: Quarkus gives the same empty list for both
        boolean named = !productIds.isEmpty() || uri.getQueryParameters().containsKey("product_ids");
        boolean newest = ProductQuery.NEWEST.equals(VariantHeader.of("products", variant));
        var query = ProductQuery.parse(newest, limit, after, categoryId, named ? productIds : null, search);
        return deadline.bound(products.page(query)).map(page -> page.answer(uri, "after", ProductLine::productId)
                .header(HttpHeaders.CACHE_CONTROL, listCaching)
                .header(HttpHeaders.VARY, VariantHeader.NAME)
                .build());
    }

    @GET
    @Path("/{id}")
    public Uni<RestResponse<Product>> get(
            @PathParam("id") int id,
            @Parameter(description = "Entity tags that the caller has.") @HeaderParam(HttpHeaders.IF_NONE_MATCH)
                    List<String> ifNoneMatch) {
        return deadline.bound(products.get(id))
                .map(found -> ETags.noneMatch(ETags.field(ifNoneMatch), found.etag())
                        ? tagged(RestResponse.ResponseBuilder.ok(found.product()), found)
                        : tagged(RestResponse.ResponseBuilder.notModified(), found));
    }

    @RolesAllowed(Roles.ADMIN)
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Product>> create(@Nullable ProductInput input) {
        return deadline.bound(products.create(required(input)))
                .map(created -> tagged(
                        RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, created.product())
                                .header(
                                        HttpHeaders.LOCATION,
                                        "/products/" + created.product().productId()),
                        created));
    }

    @RolesAllowed(Roles.ADMIN)
    @PATCH
    @Path("/{id}")
    @Consumes(MERGE_PATCH)
    @RequestBody(
            required = true,
            content = @Content(mediaType = MERGE_PATCH, schema = @Schema(implementation = ProductPatch.class)))
    public Uni<RestResponse<Product>> patch(
            @PathParam("id") int id,
            @Parameter(description = IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch,
            @Nullable ProductPatch patch) {
        return deadline.bound(products.patch(id, required(patch), ETags.field(ifMatch)))
                .map(changed -> tagged(RestResponse.ResponseBuilder.ok(changed.product()), changed));
    }

    @RolesAllowed(Roles.ADMIN)
    @DELETE
    @Path("/{id}")
    public Uni<Void> delete(
            @PathParam("id") int id,
            @Parameter(description = IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) List<String> ifMatch) {
        return deadline.bound(products.delete(id, ETags.field(ifMatch)));
    }

    /** A body of the JSON literal null, or none, is no object. */
    private static <T> T required(@Nullable T body) {
        if (body == null) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "The body must be a JSON object.");
        }
        return body;
    }

    private static RestResponse<Product> tagged(
            RestResponse.ResponseBuilder<Product> answer, VersionedProduct product) {
        return answer.header(HttpHeaders.ETAG, product.etag())
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .build();
    }
}

package org.vitrina.products;

import io.smallrye.mutiny.Uni;
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
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.ETags;
import org.vitrina.http.RequestDeadline;

/** The catalogue over HTTP. */
@Path("/products")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "products", description = "The catalogue.")
class ProductResource {
    static final String MERGE_PATCH = "application/merge-patch+json";

    private static final String IF_MATCH = "Entity tags, one of which must be the present one; or *.";
    private static final String ETAG = "The product's version, a strong entity tag.";

    private final ProductService products;
    private final RequestDeadline deadline;
    private final String listCaching;

    ProductResource(ProductService products, RequestDeadline deadline, ProductsConfig config) {
        this.products = products;
        this.deadline = deadline;
        this.listCaching = "public, max-age=%d, stale-if-error=%d"
                .formatted(
                        config.listMaxAge().toSeconds(),
                        config.listStaleIfError().toSeconds());
    }

    @GET
    @Operation(
            operationId = "listProducts",
            summary = "Products by id, a page at a time",
            description = "A product's features are left out here; GET /products/{id} has them.")
    @APIResponse(
            responseCode = "200",
            description = "The page, possibly empty.",
            headers =
                    @Header(
                            name = HttpHeaders.LINK,
                            description = "The next page, rel=\"next\"; absent on the last.",
                            schema = @Schema(type = SchemaType.STRING)),
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(type = SchemaType.ARRAY, implementation = ProductLine.class)))
    @APIResponse(responseCode = "400", description = "A parameter is not as described.")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked.")
    @APIResponse(responseCode = "504", description = "Not within the deadline.")
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
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
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
            @Context UriInfo uri) {
        // a list of no products is a mistake, not a wish for all: Quarkus gives the same empty list for both
        boolean named = !productIds.isEmpty() || uri.getQueryParameters().containsKey("product_ids");
        var query = ProductQuery.parse(limit, after, categoryId, named ? productIds : null);
        return deadline.bound(products.page(query)).map(page -> page.answer(uri, "after", ProductLine::productId)
                .header(HttpHeaders.CACHE_CONTROL, listCaching)
                .build());
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getProduct", summary = "One product, with its features")
    @APIResponse(
            responseCode = "200",
            description = "The product.",
            headers = @Header(name = HttpHeaders.ETAG, description = ETAG, schema = @Schema(type = SchemaType.STRING)),
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Product.class)))
    @APIResponse(responseCode = "304", description = "If-None-Match names the present version.")
    @APIResponse(responseCode = "400", description = "The id is no positive integer.")
    @APIResponse(responseCode = "404", description = "There is no such product.")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked.")
    @APIResponse(responseCode = "504", description = "Not within the deadline.")
    public Uni<RestResponse<Product>> get(
            @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "2147483647"))
                    @PathParam("id")
                    int id,
            @Parameter(description = "Entity tags that the caller has.", schema = @Schema(type = SchemaType.STRING))
                    @HeaderParam(HttpHeaders.IF_NONE_MATCH)
                    List<String> ifNoneMatch) {
        return deadline.bound(products.get(id))
                .map(found -> ETags.noneMatch(ETags.field(ifNoneMatch), found.etag())
                        ? tagged(RestResponse.ResponseBuilder.ok(found.product()), found)
                        : tagged(RestResponse.ResponseBuilder.notModified(), found));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createProduct", summary = "Puts a product on sale")
    @APIResponse(
            responseCode = "201",
            description = "The product as it was stored.",
            headers = {
                @Header(name = HttpHeaders.ETAG, description = ETAG, schema = @Schema(type = SchemaType.STRING)),
                @Header(
                        name = HttpHeaders.LOCATION,
                        description = "Where the product is.",
                        schema = @Schema(type = SchemaType.STRING))
            },
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Product.class)))
    @APIResponse(responseCode = "400", description = "A member is missing or wrong: violations names each.")
    @APIResponse(responseCode = "415", description = "The body is not application/json.")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked.")
    @APIResponse(responseCode = "504", description = "Not within the deadline.")
    public Uni<RestResponse<Product>> create(@Nullable ProductInput input) {
        return deadline.bound(products.create(required(input)))
                .map(created -> tagged(
                        RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, created.product())
                                .location(URI.create(
                                        "/products/" + created.product().productId())),
                        created));
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MERGE_PATCH)
    @Operation(
            operationId = "patchProduct",
            summary = "Changes what the patch names (RFC 7396)",
            description = "null removes features; the other members cannot be removed, nor product_id changed.")
    @RequestBody(
            required = true,
            content = @Content(mediaType = MERGE_PATCH, schema = @Schema(implementation = ProductPatch.class)))
    @APIResponse(
            responseCode = "200",
            description = "The product as it is now.",
            headers = @Header(name = HttpHeaders.ETAG, description = ETAG, schema = @Schema(type = SchemaType.STRING)),
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Product.class)))
    @APIResponse(responseCode = "400", description = "The patched product would break a rule: violations names each.")
    @APIResponse(responseCode = "404", description = "There is no such product.")
    @APIResponse(
            responseCode = "412",
            description = "If-Match names another version; ETag in the answer is the present one.")
    @APIResponse(responseCode = "415", description = "The body is not application/merge-patch+json.")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked.")
    @APIResponse(responseCode = "504", description = "Not within the deadline.")
    public Uni<RestResponse<Product>> patch(
            @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "2147483647"))
                    @PathParam("id")
                    int id,
            @Parameter(description = IF_MATCH, schema = @Schema(type = SchemaType.STRING))
                    @HeaderParam(HttpHeaders.IF_MATCH)
                    List<String> ifMatch,
            @Nullable ProductPatch patch) {
        return deadline.bound(products.patch(id, required(patch), ETags.field(ifMatch)))
                .map(changed -> tagged(RestResponse.ResponseBuilder.ok(changed.product()), changed));
    }

    @DELETE
    @Path("/{id}")
    @Operation(operationId = "deleteProduct", summary = "Takes a product off sale for good")
    @APIResponse(responseCode = "204", description = "It is gone.")
    @APIResponse(responseCode = "400", description = "The id is no positive integer.")
    @APIResponse(responseCode = "404", description = "There is no such product.")
    @APIResponse(
            responseCode = "412",
            description = "If-Match names another version; ETag in the answer is the present one.")
    @APIResponse(responseCode = "503", description = "Not now: the database is away, or too much is asked.")
    @APIResponse(responseCode = "504", description = "Not within the deadline.")
    public Uni<Void> delete(
            @Parameter(schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "2147483647"))
                    @PathParam("id")
                    int id,
            @Parameter(description = IF_MATCH, schema = @Schema(type = SchemaType.STRING))
                    @HeaderParam(HttpHeaders.IF_MATCH)
                    List<String> ifMatch) {
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

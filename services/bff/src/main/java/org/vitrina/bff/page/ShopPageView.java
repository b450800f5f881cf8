package org.vitrina.bff.page;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The shop page as OpenAPI describes it; the page itself is written as bytes. Declared parts have fields of their own, which
 * JSON Schema allows where nothing is said: {@code additionalProperties} would make generated Java classes maps, whose own
 * fields stay empty.
 */
@Schema(name = "ShopPage", description = "A declared part of the user is a further field, named after it")
record ShopPageView(
        @Schema(description = "Lines in the cart; null where unknown, or nobody is signed in", nullable = true)
                @Nullable
                Integer cart_items,
        @Schema(description = "Favorites; null where unknown, or nobody is signed in", nullable = true) @Nullable
                Integer favorite_items,
        @Schema(required = true) List<Product> products,
        @Schema(required = true) List<Degraded> degraded,
        @Schema(description = "What is of a user, where nobody is signed in; else not there") @Nullable
                List<LeftOut> left_out) {
    @Schema(
            name = "ShopPageProduct",
            description = "A declared part of the products is a further field, named after it")
    record Product(
            int product_id,
            String product_name,
            @Schema(description = "Decimal string, two digits", nullable = true) @Nullable String price,
            @Schema(description = "What can still be sold; null where unknown", nullable = true) @Nullable
                    Integer inventory) {}

    @Schema(name = "Degraded")
    record Degraded(
            @Schema(description = "products, cart, favorites, inventory, or the name of a declared part") String part,
            @Schema(enumeration = {"timeout", "error", "too-many-retries", "circuit-open", "overloaded", "stale"})
                    String reason,
            @Schema(description = "How many values are missing", nullable = true) @Nullable Integer missing,
            @Schema(description = "Age of the oldest copy shown, milliseconds", nullable = true) @Nullable
                    Long age_ms) {}

    @Schema(name = "LeftOut")
    record LeftOut(
            @Schema(description = "cart or favorites") String part,
            @Schema(enumeration = {"signed-out"}) String reason) {}
}

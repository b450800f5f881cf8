package org.vitrina.products;

import jakarta.validation.constraints.Size;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.vitrina.core.Money;
import org.vitrina.http.PatchField;

/** A JSON merge patch (RFC 7396) for a product. A list is replaced as a whole, as the RFC has it. */
@Schema(description = "The members to change; what is left out stays.")
record ProductPatch(
        @Schema(implementation = Integer.class, description = "The product's own id or left out: it cannot be changed.")
                PatchField<Integer> productId,
        @Schema(implementation = String.class, minLength = 1, maxLength = 200) PatchField<String> productName,
        @Schema(
                        implementation = String.class,
                        description = "Roubles: digits with at most two decimals, as a string or a number.",
                        pattern = "^[0-9]{1,12}(\\.[0-9]{1,2})?$",
                        examples = "2500.00")
                PatchField<Money> price,
        @Schema(implementation = Integer.class, minimum = "1") PatchField<Integer> categoryId,
        @Schema(
                        type = SchemaType.ARRAY,
                        implementation = Double.class,
                        minItems = ProductInput.FEATURES,
                        maxItems = ProductInput.FEATURES,
                        nullable = true,
                        description = "Ten numbers; null removes them.")
                @Size(min = ProductInput.FEATURES, max = ProductInput.FEATURES, message = ProductInput.TEN)
                PatchField<List<Double>> features) {
    /** What the product would be after this patch; the rules are still to be applied to it. */
    ProductInput over(ProductInput current) {
        return new ProductInput(
                productName.over(current.productName()),
                price.over(current.price()),
                categoryId.over(current.categoryId()),
                features.over(current.features()));
    }

    /** True if it would give the product another id, or none, which nothing can. */
    boolean movesAwayFrom(int id) {
        Integer wanted = productId.over(id);
        return wanted == null || wanted != id;
    }
}

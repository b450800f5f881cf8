package org.vitrina.products;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Money;

/** A product as callers see it alone. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        description = "A product.",
        requiredProperties = {"product_id", "product_name", "price", "category_id"})
record Product(
        @Schema(minimum = "1", examples = "1") int productId,
        @Schema(examples = "Самовар жаровой «Тульский», 5 л") String productName,
        @Schema(
                        implementation = String.class,
                        description = "Roubles, exactly two decimals.",
                        pattern = "^[0-9]{1,12}\\.[0-9]{2}$",
                        examples = "2500.00")
                Money price,
        @Schema(minimum = "1", examples = "1") int categoryId,
        @Schema(
                        description =
                                "What a prediction is made from: ten numbers; left out when the product has none.",
                        minItems = 10,
                        maxItems = 10)
                @Nullable
                List<Double> features) {}

package org.vitrina.products;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.vitrina.core.Money;

/** A product as a list shows it: without its features, which no page needs and which would triple the answer. */
@Schema(
        description = "A product in a list; its features are only in GET /products/{id}.",
        requiredProperties = {"product_id", "product_name", "price", "category_id"})
record ProductLine(
        @Schema(minimum = "1", examples = "1") int productId,
        @Schema(examples = "Самовар жаровой «Тульский», 5 л") String productName,
        @Schema(
                        implementation = String.class,
                        description = "Roubles, exactly two decimals.",
                        pattern = "^[0-9]{1,12}\\.[0-9]{2}$",
                        examples = "2500.00")
                Money price,
        @Schema(minimum = "1", examples = "1") int categoryId) {}

package org.vitrina.products;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Magnitude;
import org.vitrina.core.Money;
import org.vitrina.http.ReadableText;

/** What a caller may say of a product, and the rules for it: they are the same for a new product and a patched one. */
@Schema(
        description =
                "A product to be put on sale. Members that are not named here are ignored; the store gives the id.")
@SuppressWarnings("MultipleNullnessAnnotations") // null until Bean Validation, never after
record ProductInput(
        @Schema(examples = "Самовар жаровой «Тульский», 5 л")
                @NotNull(message = REQUIRED)
                @Size(min = 1, max = 200, message = "1 to 200 characters are allowed")
                @Pattern(regexp = ReadableText.LINE, message = "must have visible text and no control characters")
                @Nullable
                String productName,
        @Schema(
                        implementation = String.class,
                        description = "Roubles: digits with at most two decimals, as a string or a number.",
                        pattern = "^[0-9]{1,12}(\\.[0-9]{1,2})?$",
                        examples = "2500.00")
                @NotNull(message = REQUIRED)
                @Nullable
                Money price,
        @Schema(examples = "1")
                @NotNull(message = REQUIRED)
                @Min(value = 1, message = "must be a positive integer")
                @Nullable
                Integer categoryId,
        @Schema(description = "What a prediction is made from: ten numbers.")
                @Size(min = FEATURES, max = FEATURES, message = TEN)
                @Nullable
                List<
                                @NotNull(message = "must be a number")
                                @DecimalMin(value = "-" + Magnitude.INPUT, message = RANGE)
                                @DecimalMax(value = Magnitude.INPUT, message = RANGE) Double>
                        features) {
    static final int FEATURES = 10;
    static final String TEN = "must be ten numbers";

    private static final String REQUIRED = "is required";
    private static final String RANGE = "must be a number between -" + Magnitude.INPUT + " and " + Magnitude.INPUT;
    /** What would make the product that is there. */
    static ProductInput of(ProductEntity entity) {
        return new ProductInput(entity.name(), entity.price(), entity.categoryId(), entity.features());
    }

    /** The row of a new product. Only for an input that was found valid. */
    ProductEntity toEntity() {
        return new ProductEntity(
                Objects.requireNonNull(productName),
                Objects.requireNonNull(price),
                Objects.requireNonNull(categoryId),
                features);
    }

    /** Writes this over a row. Only for an input that was found valid. */
    void writeTo(ProductEntity entity) {
        entity.change(
                Objects.requireNonNull(productName),
                Objects.requireNonNull(price),
                Objects.requireNonNull(categoryId),
                features);
    }
}

package org.vitrina.orders;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.ReadableText;

/** An order as the buyer sends it. Members that are not named here are ignored. */
@SuppressWarnings("MultipleNullnessAnnotations") // null until Bean Validation, never after
record OrderInput(
        @NotNull(message = "is required") @Size(min = 1, max = 100, message = "1 to 100 lines are allowed") @Nullable
                List<@NotNull(message = "must be an object") @Valid LineInput> products,
        @Schema(examples = "Тула, ул. Оружейная, 1")
                @NotNull(message = "is required")
                @Size(min = 1, max = 1000, message = "1 to 1000 characters are allowed")
                @Pattern(regexp = ReadableText.LINES, message = "must have visible text and no control characters")
                @Nullable
                String shippingTo,
        @Schema(description = "E.164, for messages about the order.", examples = "+79990000001")
                @Pattern(regexp = "\\+[1-9][0-9]{1,14}", message = "must be an E.164 number, such as +79990000001")
                @Nullable
                String phone) {}

package org.vitrina.wallet;

import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.vitrina.core.Money;

/** How much money is to be moved. */
record Amount(
        @Schema(
                        implementation = String.class,
                        description = "At most two decimals; a number is accepted too.",
                        pattern = "^[0-9]{1,12}(\\.[0-9]{1,2})?$",
                        examples = "5000.00")
                @NotNull
                Money amount) {}

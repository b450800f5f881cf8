package org.vitrina.wallet;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Money;

/**
 * What a user can spend.
 *
 * @param canTopUp true where the user may top it up without paying (a demonstration), else left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Wallet(
        @Schema(
                        implementation = String.class,
                        description = "Exactly two decimals.",
                        pattern = "^[0-9]{1,12}\\.[0-9]{2}$",
                        examples = "100000.00")
                Money balance,
        @Schema(examples = "RUB") String currency,
        @Nullable Boolean canTopUp) {}

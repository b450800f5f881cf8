package org.vitrina.wallet;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.vitrina.core.Money;

/**
 * What a top-up led to.
 *
 * @param balance what the user could spend right after it
 * @param replayed whether it was done before, by a request with the same key
 */
record ToppedUp(
        @Schema(
                        implementation = String.class,
                        description = "Exactly two decimals.",
                        pattern = "^[0-9]{1,12}\\.[0-9]{2}$",
                        examples = "105000.00")
                Money balance,
        @JsonIgnore @Schema(hidden = true) boolean replayed) {}

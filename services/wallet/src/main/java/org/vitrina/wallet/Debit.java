package org.vitrina.wallet;

import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.vitrina.core.Money;

/** What an order took from a wallet. */
record Debit(
        UUID orderId,
        @Schema(
                        implementation = String.class,
                        description = "Exactly two decimals.",
                        pattern = "^[0-9]{1,12}\\.[0-9]{2}$",
                        examples = "5000.00")
                Money amount) {}

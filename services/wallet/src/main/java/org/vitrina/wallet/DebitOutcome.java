package org.vitrina.wallet;

import java.util.Locale;

/** How a debit ended. */
enum DebitOutcome {
    /** The money was taken now. */
    TAKEN,
    /** It was taken before, by an equal request. */
    SAME,
    /** The order has taken another amount, or from another wallet. */
    DIFFERS,
    /** The order was cancelled, before or after it was paid. */
    CANCELLED,
    /** There is too little in the wallet; nothing was changed. */
    INSUFFICIENT;

    /** The word of {@code take_for_order} in the database. */
    static DebitOutcome of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}

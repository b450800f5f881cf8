package org.vitrina.orders;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a buyer sees of an order. */
enum Status {
    /** Accepted; money and stock are being taken, or given back again. */
    PENDING,
    /** Paid and reserved. */
    CONFIRMED,
    /** Came to nothing; nothing was taken, or all of it is back. */
    REJECTED,
    /** Called off; money and stock are on their way back. */
    CANCELLING,
    /** Called off; money and stock are back. */
    CANCELLED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As it is answered and kept. */
    @JsonValue
    String text() {
        return text;
    }

    static Status of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}

package org.vitrina.orders;

import java.util.Locale;

/** What is still to be done for an order. Steps only ever lead on, so that two who do the same one do no harm. */
enum Step {
    /** Debit and reservation. */
    CHARGE,
    /** Giving both back, until both services have said so. */
    COMPENSATE,
    /** Making the reservation of a confirmed order final. */
    COMMIT,
    NONE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As it is kept. */
    String text() {
        return text;
    }

    static Step of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}

package org.vitrina.client;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a part of an answer is missing or old, as docs/contracts.md names it. */
public enum Reason {
    /** Not there when its time was up. */
    TIMEOUT,
    /** Failed in a way that another try does not mend, or that the retry budget left no other try for. */
    ERROR,
    /** Failed at every try. */
    TOO_MANY_RETRIES,
    /** Not asked: the breaker is open. */
    CIRCUIT_OPEN,
    /** Not asked: too many calls to it are under way. */
    OVERLOADED,
    /** A copy past its time to live. */
    STALE;

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The word used in answers and metrics, such as {@code too-many-retries}. */
    @JsonValue
    public String text() {
        return text;
    }
}

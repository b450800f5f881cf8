package org.vitrina.overload;

/**
 * How many requests are served at once: what {@code /ops/resilience} shows of the adaptive limit. A bean of this type is
 * there for injection.
 */
public interface ConcurrencyLimit {
    /** The present limit. */
    int limit();

    /** Requests being served, event streams not counted. */
    int inFlight();

    /** Requests answered 503 {@code overloaded} since the start. */
    long rejected();
}

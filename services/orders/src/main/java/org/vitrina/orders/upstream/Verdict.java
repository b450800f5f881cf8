package org.vitrina.orders.upstream;

/** What came of asking a service for its part in an order. */
public sealed interface Verdict {
    Verdict DONE = new Done();
    Verdict UNKNOWN = new Unknown();

    /** It stands, from now or from before. */
    record Done() implements Verdict {}

    /**
     * The service will not do it.
     *
     * @param about what the refusal names, such as products with commas between; empty where it names nothing
     */
    record Refused(Refusal why, String about) implements Verdict {}

    /** No answer, or none that decides: it may or may not stand. To be asked again. */
    record Unknown() implements Verdict {}
}

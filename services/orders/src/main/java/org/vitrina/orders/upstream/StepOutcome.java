package org.vitrina.orders.upstream;

/** What came of asking a service for its part in an order. */
public sealed interface StepOutcome {
    StepOutcome DONE = new Done();
    StepOutcome UNKNOWN = new Unknown();

    /** It stands, from now or from before. */
    record Done() implements StepOutcome {}

    /**
     * The service will not do it.
     *
     * @param about what the refusal names, such as products with commas between; empty where it names nothing
     */
    record Refused(RejectionReason why, String about) implements StepOutcome {}

    /** No answer, or none that decides: it may or may not stand. To be asked again. */
    record Unknown() implements StepOutcome {}
}

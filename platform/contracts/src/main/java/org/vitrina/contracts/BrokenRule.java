package org.vitrina.contracts;

/** The service did something else than its contract says; the message says what was asked and what came. */
public final class BrokenRule extends Exception {
    private static final long serialVersionUID = 1;

    BrokenRule(String happened) {
        super(happened);
    }
}

package org.vitrina.contracts;

/** A rule that cannot be judged with what the kit was told; the message says what it would need. */
public final class NotJudged extends Exception {
    private static final long serialVersionUID = 1;

    NotJudged(String needs) {
        super(needs);
    }
}

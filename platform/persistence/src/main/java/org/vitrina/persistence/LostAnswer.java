package org.vitrina.persistence;

/**
 * A statement's answer that went down with its connection. Whoever asked for a change must not be told that it failed, nor
 * that it was made: only that it is to be repeated in a way that has one effect.
 */
public final class LostAnswer {
    private LostAnswer() {}

    /** Whether this failure is one; false where the server said no, or nothing had been sent to it yet. */
    public static boolean is(Throwable failure) {
        return DatabaseFailures.isLostAnswer(failure);
    }
}

package org.vitrina.core;

/**
 * Tells what a failure means to callers where a module knows more than its type says: beans of it are asked before a
 * failure becomes an answer.
 */
public interface FailureTranslation {
    /** A {@link org.vitrina.core.ProblemException} for a failure of the kind that it knows; any other as it is. */
    Throwable translate(Throwable failure);
}

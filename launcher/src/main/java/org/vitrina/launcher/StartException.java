package org.vitrina.launcher;

/** Why the system did not start, in a sentence meant for the person at the terminal. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the sentence that is printed; further lines (a server's own last words) may follow it. */
    public StartException(String sentence) {
        super(sentence);
    }

    /** As above, with what caused it. */
    public StartException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}

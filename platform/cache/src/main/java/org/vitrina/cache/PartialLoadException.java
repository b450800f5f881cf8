package org.vitrina.cache;

import java.util.Map;
import java.util.Set;

/**
 * How a batch loader says that it has an answer for some keys only: those in {@code found} are kept, those in
 * {@code unanswered} count as failed because of {@code cause}, all others do not exist.
 */
public final class PartialLoadException extends RuntimeException {
    private final transient Map<String, ?> found;
    private final transient Set<String> unanswered;

    public PartialLoadException(Map<String, ?> found, Set<String> unanswered, Throwable cause) {
        // no stack trace: it is an answer, made on a hot path while a dependency is slow
        super("no answer for " + unanswered.size() + " keys", cause, false, false);
        this.found = found;
        this.unanswered = unanswered;
    }

    public Map<String, ?> found() {
        return found;
    }

    public Set<String> unanswered() {
        return unanswered;
    }

    Throwable reason() {
        Throwable cause = getCause();
        return cause == null ? this : cause;
    }
}

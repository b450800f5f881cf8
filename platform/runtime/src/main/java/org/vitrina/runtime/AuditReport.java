package org.vitrina.runtime;

import java.util.List;

/** What an {@link Audit} found; what else it tells is the service's own. */
public interface AuditReport {
    /** Whether everything agrees. */
    boolean consistent();

    /** What does not agree. */
    List<?> findings();

    /** How many things are wrong: what the metric shows. */
    default int problems() {
        return findings().size();
    }
}

package org.vitrina.persistence;

import org.jspecify.annotations.Nullable;
import org.vitrina.core.Deadline;
import org.vitrina.runtime.trace.TraceSpan;

/**
 * The work that a connection is lent for.
 *
 * @param deadline null where it has none
 * @param span what its statements are told as parts of
 * @param waitedNanos how long it waited for the connection; 0 where that is not told
 */
record Borrower(@Nullable Deadline deadline, TraceSpan span, long waitedNanos) {
    static final Borrower NOBODY = new Borrower(null, TraceSpan.NONE, 0);
}

package org.vitrina.stream;

import java.util.List;

/**
 * The end of a batch.
 *
 * @param outcomes one a message, in their order
 * @param afterwards done once, before the acknowledgement, on the queue's own thread, which may block for a moment
 */
public record BatchResult(List<MessageOutcome> outcomes, Runnable afterwards) {
    /** Nothing to be done afterwards. */
    public static BatchResult with(List<MessageOutcome> outcomes) {
        return new BatchResult(outcomes, () -> {});
    }
}

package org.vitrina.notifications;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one try at the provider came to. */
sealed interface SendOutcome {
    /** The provider has the message. */
    record Accepted(String id) implements SendOutcome {}

    /** Asked, the provider does not have it; what was sent before may still be on its way. */
    record Absent() implements SendOutcome {}

    /** The provider said no to this message, and certainly does not have it. */
    record Refused(String reason) implements SendOutcome {}

    /**
     * The provider could not be spoken to, or takes nothing at the moment; it certainly does not have the message.
     *
     * @param after how long it wants to be left alone, if it said so
     */
    record Away(String reason, @Nullable Duration after) implements SendOutcome {}

    /**
     * The provider may have it.
     *
     * @param answered true if the provider answered, with a failure of its own; false if nothing came
     */
    record Unknown(String reason, boolean answered) implements SendOutcome {}
}

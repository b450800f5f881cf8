package org.vitrina.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That other versions were put to use.
 *
 * @param at null where it is not known, as of what was in use before there was a history
 * @param by a user's id, a service's name, or {@code unknown}
 * @param serving what predicts since
 */
@RegisterForReflection // in a file, read by hand
record ChangeOfChoice(@Nullable Instant at, String by, Cause cause, List<Share> serving) {
    /** Why. */
    enum Cause {
        /** Somebody said so. */
        @JsonProperty("chosen")
        CHOSEN,
        /** The retraining has found something better. */
        @JsonProperty("learned")
        LEARNED,
        /** Somebody went back. */
        @JsonProperty("rollback")
        ROLLBACK,
        /** It was in use without a record. */
        @JsonProperty("found")
        FOUND
    }

    ChangeOfChoice {
        serving = List.copyOf(serving);
    }

    static ChangeOfChoice found(List<Share> serving) {
        return new ChangeOfChoice(null, "unknown", Cause.FOUND, serving);
    }
}

package org.vitrina.sms;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway misbehaves.
 *
 * @param mode what happens with a message; nothing bad if left out
 * @param status of {@code fail} and {@code accept-then-fail}; 500 if left out
 * @param times for so many requests, then never more; until changed if left out
 * @param delayMillis how long every answer takes in addition
 * @param to only messages whose number begins so
 * @param queries whether questions (GET) meet the same fault
 * @param plain a provider without idempotency keys, which cannot be asked for a client_ref
 */
record Faults(
        @Nullable Mode mode,
        @Nullable @Min(400) @Max(599) Integer status,
        @Nullable @Min(1) Integer times,
        @Nullable @Min(0) @Max(60_000) Integer delayMillis,
        @Nullable String to,
        @Nullable Boolean queries,
        @Nullable Boolean plain) {

    static final Faults NONE = new Faults(null, null, null, null, null, null, null);

    enum Mode {
        /** Refused with the status. */
        @JsonProperty("fail")
        FAIL,
        /** Neither accepted nor answered. */
        @JsonProperty("hang")
        HANG,
        /** Accepted and never answered: its sender does not know the outcome. */
        @JsonProperty("accept-then-hang")
        ACCEPT_THEN_HANG,
        /** Accepted and answered with the status. */
        @JsonProperty("accept-then-fail")
        ACCEPT_THEN_FAIL,
        /** 429 with {@code Retry-After: 1}. */
        @JsonProperty("too-many")
        TOO_MANY
    }

    boolean isPlain() {
        return Boolean.TRUE.equals(plain);
    }
}

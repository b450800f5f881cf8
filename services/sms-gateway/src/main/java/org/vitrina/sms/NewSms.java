package org.vitrina.sms;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A message to be sent.
 *
 * @param to E.164, such as {@code +79001234567}
 * @param clientRef the sender's own name for it, by which it can be asked for
 */
record NewSms(
        @NotNull @Pattern(regexp = "\\+[1-9][0-9]{6,14}") String to,
        @NotNull @Size(min = 1, max = 1000) String text,
        @NotNull
                @Size(min = 1, max = 255)
                @Pattern(regexp = "[^\\ud800-\\udfff]*", message = "must have whole characters")
                String clientRef) {}

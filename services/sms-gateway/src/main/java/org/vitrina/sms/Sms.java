package org.vitrina.sms;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;

/**
 * An accepted message.
 *
 * @param position counts from 1 in the order of acceptance
 */
record Sms(long position, UUID id, String to, String text, String clientRef, Instant acceptedAt) {
    /** Whether it is what {@code other} asks for. */
    @JsonIgnore
    boolean says(NewSms other) {
        return to.equals(other.to()) && text.equals(other.text()) && clientRef.equals(other.clientRef());
    }
}

package org.vitrina.notifications;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a notification stands. */
enum NotificationState {
    /** It is certain that the provider does not have it. */
    RECEIVED,
    /** The provider may have it. */
    SENDING,
    /** The provider has it. */
    SENT,
    /** Not to be sent: the order was cancelled before anything was. */
    SUPPRESSED,
    /** There is no number. */
    NO_PHONE,
    /** Given up, a dead letter tells why. */
    DEAD;

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As it stands in the table and in answers. */
    @JsonValue
    String text() {
        return text;
    }

    static NotificationState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}

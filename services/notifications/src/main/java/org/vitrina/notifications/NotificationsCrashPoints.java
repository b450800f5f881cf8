package org.vitrina.notifications;

import org.vitrina.core.CrashPoint;

/** The crash points of notifications; those of queue and outbox are platform/messaging's. */
final class NotificationsCrashPoints {
    private NotificationsCrashPoints() {}

    /** Everything is written, nothing is committed. */
    static void beforeReceiving() {
        CrashPoint.reached("notifications.before-receiving");
    }

    static void afterReceiving() {
        CrashPoint.reached("notifications.after-receiving");
    }

    /** Ours to send, not sent. */
    static void afterClaim() {
        CrashPoint.reached("notifications.after-claim");
    }

    static void beforeAsking() {
        CrashPoint.reached("notifications.before-asking");
    }

    static void beforeSending() {
        CrashPoint.reached("notifications.before-sending");
    }

    /** The provider has it, we have not written that down. */
    static void afterSending() {
        CrashPoint.reached("notifications.after-sending");
    }

    static void afterRecording() {
        CrashPoint.reached("notifications.after-recording");
    }
}

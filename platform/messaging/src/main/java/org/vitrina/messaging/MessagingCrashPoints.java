package org.vitrina.messaging;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.vitrina.core.CrashPoint;

/** The crash points of outbox and queues, named after the service that they are in. */
@Singleton
class MessagingCrashPoints {
    private final String beforeClaim;
    private final String afterClaim;
    private final String beforePublish;
    private final String afterPublish;
    private final String afterConfirm;
    private final String afterDelete;
    private final String beforeHandling;
    private final String beforeAcknowledgement;
    private final String afterAcknowledgement;
    private final String afterParking;

    MessagingCrashPoints(@ConfigProperty(name = "quarkus.application.name", defaultValue = "vitrina") String service) {
        beforeClaim = service + ".outbox-before-claim";
        afterClaim = service + ".outbox-after-claim";
        beforePublish = service + ".outbox-before-publish";
        afterPublish = service + ".outbox-after-publish";
        afterConfirm = service + ".outbox-after-confirm";
        afterDelete = service + ".outbox-after-delete";
        beforeHandling = service + ".queue-before-handling";
        beforeAcknowledgement = service + ".queue-before-ack";
        afterAcknowledgement = service + ".queue-after-ack";
        afterParking = service + ".queue-after-parking";
    }

    void beforeClaim() {
        CrashPoint.reached(beforeClaim);
    }

    /** Held by this process, not sent. */
    void afterClaim() {
        CrashPoint.reached(afterClaim);
    }

    void beforePublish() {
        CrashPoint.reached(beforePublish);
    }

    /** Sent, not confirmed. */
    void afterPublish() {
        CrashPoint.reached(afterPublish);
    }

    /** Confirmed, still in the outbox. */
    void afterConfirm() {
        CrashPoint.reached(afterConfirm);
    }

    void afterDelete() {
        CrashPoint.reached(afterDelete);
    }

    void beforeHandling() {
        CrashPoint.reached(beforeHandling);
    }

    /** Acted on, not acknowledged. */
    void beforeAcknowledgement() {
        CrashPoint.reached(beforeAcknowledgement);
    }

    void afterAcknowledgement() {
        CrashPoint.reached(afterAcknowledgement);
    }

    /** Kept in the service's own table, not acknowledged. */
    void afterParking() {
        CrashPoint.reached(afterParking);
    }
}

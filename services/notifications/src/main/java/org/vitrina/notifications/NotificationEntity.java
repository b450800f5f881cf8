package org.vitrina.notifications;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row for each event, read by Hibernate and written by statements, as every change depends on the state it finds. */
@Entity
@Table(name = "notification")
class NotificationEntity {
    @Id
    long position;

    @Column(name = "event_id")
    UUID eventId;

    String type;

    @Column(name = "order_id")
    UUID orderId;

    @Column(name = "user_id")
    int userId;

    String text;

    String state;

    @Nullable
    String reason;

    @Column(name = "received_at")
    Instant receivedAt;

    @Column(name = "settled_at")
    @Nullable
    Instant settledAt;
}

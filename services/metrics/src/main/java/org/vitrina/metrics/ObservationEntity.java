package org.vitrina.metrics;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row for each id, read by Hibernate and written by statements, as every change depends on the state it finds. */
@Entity
@Table(name = "observation")
class ObservationEntity {
    @Id
    String id;

    @Nullable
    Double truth;

    @Nullable
    Double prediction;

    @Column(name = "model_version")
    @Nullable
    String modelVersion;

    @Nullable
    String features;

    @Nullable
    Long position;

    @Column(name = "paired_at")
    @Nullable
    Instant pairedAt;
}

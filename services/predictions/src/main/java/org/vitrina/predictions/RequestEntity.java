package org.vitrina.predictions;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A prediction that a caller asked for. */
@Entity
@Table(name = "prediction_request")
class RequestEntity {
    @Id
    UUID id;

    @JdbcTypeCode(SqlTypes.ARRAY)
    double[] features;

    @Nullable
    UUID client;

    @Column(updatable = false, insertable = false)
    @Nullable
    Double value;

    @Column(name = "model_version", updatable = false, insertable = false)
    @Nullable
    String modelVersion;

    /** For Hibernate only. */
    @SuppressWarnings("NullAway.Init")
    protected RequestEntity() {}

    RequestEntity(UUID id, double[] features, @Nullable UUID client) {
        this.id = id;
        this.features = features;
        this.client = client;
    }
}

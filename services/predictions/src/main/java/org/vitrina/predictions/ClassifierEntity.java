package org.vitrina.predictions;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A classifier's parameters. */
@Entity
@Table(name = "classifier")
class ClassifierEntity {
    @Id
    int id;

    @Nullable
    Double l1;

    @Nullable
    Double l2;

    /** Raised by each change, under the row's lock; 0 while the row is being made. */
    long version;
}

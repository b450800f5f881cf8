package org.vitrina.favorites;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** A row for each product that a user marked. */
@Entity
@Table(name = "user_favorite")
class FavoriteEntity {
    @EmbeddedId
    Id id;

    @Embeddable
    record Id(@Column(name = "user_id") int userId, @Column(name = "product_id") int productId) {}
}

package org.vitrina.cart;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** A row for each product in a user's cart; a cart without rows is an empty one. */
@Entity
@Table(name = "user_cart")
class CartLineEntity {
    @EmbeddedId
    Id id;

    int quantity;

    @Embeddable
    record Id(@Column(name = "user_id") int userId, @Column(name = "product_id") int productId) {}
}

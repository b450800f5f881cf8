package org.vitrina.inventory;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of the stock: what is in the warehouse and how much of that orders have reserved. */
@Entity
@Table(name = "inventory")
class InventoryEntity {
    @Id
    @Column(name = "product_id")
    int productId;

    @Column(name = "on_hand")
    int onHand;

    int reserved;
}

package org.vitrina.wallet;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;

/** What a user can spend; a user without a row can spend nothing. */
@Entity
@Table(name = "wallet")
class WalletEntity {
    @Id
    @Column(name = "user_id")
    int userId;

    BigDecimal balance;
}

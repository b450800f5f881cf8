package org.vitrina.inventory;

import jakarta.enterprise.context.ApplicationScoped;
import org.vitrina.inventory.InventoryConfig.Mode;
import org.vitrina.persistence.DatabaseUse;

/** Simulated levels need no database: the service is ready without one. */
@ApplicationScoped
class InventoryDatabaseUse implements DatabaseUse {
    private final boolean needed;

    InventoryDatabaseUse(InventoryConfig config) {
        this.needed = config.mode() == Mode.REAL;
    }

    @Override
    public boolean needed() {
        return needed;
    }
}

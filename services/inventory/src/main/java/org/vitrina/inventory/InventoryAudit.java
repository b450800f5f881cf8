package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.vitrina.inventory.InventoryConfig.Mode;
import org.vitrina.runtime.Audit;
import org.vitrina.runtime.AuditGauge;

/** Adds up stock and reservations: that what is reserved and sold of each product is what reservations say. */
@Singleton
class InventoryAudit extends Audit<InventoryAuditReport> {

    private final InventoryAuditRepository repository;
    private final boolean simulated;

    InventoryAudit(InventoryAuditRepository repository, AuditGauge gauge, InventoryConfig config) {
        super(gauge, config.auditEvery());
        this.repository = repository;
        this.simulated = config.mode() == Mode.SIMULATED;
    }

    @Override
    protected Uni<InventoryAuditReport> report() {
        Uni<StockReconciliation> books =
                simulated ? Uni.createFrom().item(StockReconciliation::new) : repository.books();
        return books.map(StockReconciliation::report);
    }
}

package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.vitrina.inventory.InventoryConfig.Mode;
import org.vitrina.runtime.AuditGauge;
import org.vitrina.runtime.RecurringTask;

/** Adds up stock and reservations: that what is reserved and sold of each product is what reservations say. */
@ApplicationScoped
class InventoryAudit implements RecurringTask {
    private static final Logger LOG = Logger.getLogger(InventoryAudit.class);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final InventoryAuditRepository repository;
    private final AuditGauge gauge;
    private final Duration every;
    private final boolean simulated;

    InventoryAudit(InventoryAuditRepository repository, AuditGauge gauge, InventoryConfig config) {
        this.repository = repository;
        this.gauge = gauge;
        this.every = config.auditEvery();
        this.simulated = config.mode() == Mode.SIMULATED;
    }

    @Override
    public String name() {
        return "the audit of stock";
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Duration limit() {
        return LONG;
    }

    @Override
    public Uni<AuditReport> work() {
        Uni<StockReconciliation> books =
                simulated ? Uni.createFrom().item(StockReconciliation::new) : repository.books();
        return books.map(StockReconciliation::report).invoke(this::tell);
    }

    private void tell(AuditReport report) {
        gauge.found(report.findings().size());
        if (!report.consistent()) {
            LOG.errorf("The books do not agree: %s", report.findings());
        }
    }
}

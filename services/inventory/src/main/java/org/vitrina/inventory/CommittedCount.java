package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.vitrina.inventory.InventoryConfig.Mode;
import org.vitrina.runtime.AuditCount;

/** Counts old committed reservations by product. None is removed, as an order may be cancelled at any time. */
@Singleton
class CommittedCount extends AuditCount {
    private final ReservationRepository repository;
    private final boolean simulated;

    CommittedCount(ReservationRepository repository, InventoryConfig config) {
        super(config.reservations().purgeEvery(), config.auditWindow());
        this.repository = repository;
        this.simulated = config.mode() == Mode.SIMULATED;
    }

    @Override
    public String name() {
        return "the count of committed reservations";
    }

    @Override
    protected Uni<Integer> count(Duration age, int limit) {
        return simulated ? Uni.createFrom().item(0) : repository.count(age, limit);
    }
}

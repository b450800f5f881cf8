package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.vitrina.inventory.InventoryConfig.Mode;
import org.vitrina.runtime.RecurringTask;

/** Removes reservations that ended so long ago that nothing late can come for them any more. */
@ApplicationScoped
class ReservationPurge implements RecurringTask {
    private static final int BATCH = 1_000;

    private final ReservationRepository repository;
    private final Duration every;
    private final Duration retention;
    private final boolean simulated;

    ReservationPurge(ReservationRepository repository, InventoryConfig config) {
        this.repository = repository;
        this.every = config.reservations().purgeEvery();
        this.retention = config.reservations().retention();
        this.simulated = config.mode() == Mode.SIMULATED;
    }

    @Override
    public String name() {
        return "the purge of reservations";
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Uni<?> work() {
        if (simulated) {
            return Uni.createFrom().voidItem();
        }
        return RecurringTask.inPortions(BATCH, () -> repository.purge(retention, BATCH));
    }
}

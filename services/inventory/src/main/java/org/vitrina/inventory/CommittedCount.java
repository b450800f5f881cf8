package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.vitrina.inventory.InventoryConfig.Mode;
import org.vitrina.runtime.RecurringTask;

/**
 * Adds old committed reservations to a sum for each product, so that the audit reads that instead of them: it takes no longer
 * when there are more of them every year. None is removed, as an order may be cancelled at any time.
 */
@ApplicationScoped
class CommittedCount implements RecurringTask {
    private static final int BATCH = 5_000;

    private final ReservationRepository repository;
    private final Duration every;
    private final Duration window;
    private final boolean simulated;

    CommittedCount(ReservationRepository repository, InventoryConfig config) {
        this.repository = repository;
        this.every = config.reservations().purgeEvery();
        this.window = config.auditWindow();
        this.simulated = config.mode() == Mode.SIMULATED;
    }

    @Override
    public String name() {
        return "the count of committed reservations";
    }

    @Override
    public Duration every() {
        return every;
    }

    /** There may be years of them at the first time. */
    @Override
    public Duration limit() {
        return Duration.ofMinutes(10);
    }

    @Override
    public Uni<?> work() {
        if (simulated) {
            return Uni.createFrom().voidItem();
        }
        return RecurringTask.inPortions(BATCH, () -> repository.count(window, BATCH));
    }
}

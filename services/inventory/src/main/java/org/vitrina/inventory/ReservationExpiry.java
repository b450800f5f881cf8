package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.vitrina.core.CrashPoint;
import org.vitrina.inventory.InventoryConfig.Mode;
import org.vitrina.runtime.RecurringTask;

/** Puts back on sale what orders kept for too long without a commit. */
@ApplicationScoped
class ReservationExpiry implements RecurringTask {
    /** Few at once: the rows of their products are locked meanwhile. */
    private static final int BATCH = 100;

    private final ReservationRepository repository;
    private final Duration every;
    private final boolean simulated;

    ReservationExpiry(ReservationRepository repository, InventoryConfig config) {
        this.repository = repository;
        this.every = config.reservations().expiryEvery();
        this.simulated = config.mode() == Mode.SIMULATED;
    }

    @Override
    public String name() {
        return "the end of reservations";
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
        CrashPoint.reached("inventory.before-expiry");
        return RecurringTask.inPortions(BATCH, () -> repository.expire(BATCH))
                .invoke(done -> CrashPoint.reached("inventory.after-expiry"));
    }
}

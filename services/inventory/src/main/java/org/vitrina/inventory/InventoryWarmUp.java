package org.vitrina.inventory;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.vitrina.core.ProblemException;
import org.vitrina.inventory.InventoryConfig.Mode;
import org.vitrina.persistence.RolledBack;
import org.vitrina.runtime.WarmUp;

/**
 * Reads a level and goes the way of a reservation, which leaves nothing behind, before the service is ready; nothing where
 * levels are simulated, which takes its time on purpose.
 */
@ApplicationScoped
class InventoryWarmUp extends WarmUp {
    private static final int ANY_PRODUCT = 1;

    /** So that usually no product's row is locked for it. */
    private static final Items MORE_THAN_THERE_IS =
            new Items(List.of(new Item(ANY_PRODUCT, Integer.MAX_VALUE), new Item(Integer.MAX_VALUE, 1)));

    private final InventoryService inventory;
    private final ReservationService reservations;
    private final boolean simulated;
    private final ObjectMapper json;

    InventoryWarmUp(
            InventoryService inventory, ReservationService reservations, InventoryConfig config, ObjectMapper json) {
        this.inventory = inventory;
        this.reservations = reservations;
        this.simulated = config.mode() == Mode.SIMULATED;
        this.json = json;
    }

    @Override
    public String name() {
        return "levels";
    }

    @Override
    protected Uni<?> work() {
        return simulated
                ? Uni.createFrom().voidItem()
                : inventory
                        .levels(List.of(ANY_PRODUCT))
                        .invoke(Unchecked.consumer(json::writeValueAsBytes))
                        .call(read -> RolledBack.of(() -> reservations.reserve(UUID.randomUUID(), MORE_THAN_THERE_IS))
                                .onFailure(InventoryWarmUp::isRefused)
                                .recoverWithNull());
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof ProblemException problem && problem.code().equals(ReservationService.OUT_OF_STOCK);
    }
}

package org.vitrina.inventory;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.vitrina.core.CrashPoint;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.inventory.InventoryConfig.Mode;
import org.vitrina.runtime.WorkDeadline;

/** Keeps stock for orders: all they need or nothing, once, until they commit, cancel, or take too long. */
@ApplicationScoped
class ReservationService {
    static final ErrorCode OUT_OF_STOCK = new ErrorCode("out-of-stock", 409, false, "Out of stock");
    static final ErrorCode DIFFERS = new ErrorCode("reservation-differs", 409, false, "Another reservation");
    static final ErrorCode CANCELLED = new ErrorCode("cancelled", 409, false, "Cancelled");
    static final ErrorCode UNKNOWN = new ErrorCode("reservation-unknown", 409, false, "No such reservation");
    static final ErrorCode GONE = new ErrorCode("reservation-gone", 409, false, "Reservation expired");

    private static final String SHORT = "short ";

    private final ReservationRepository repository;
    private final Duration lifetime;
    private final boolean simulated;

    ReservationService(ReservationRepository repository, InventoryConfig config) {
        this.repository = repository;
        this.lifetime = config.reservations().lifetime();
        this.simulated = config.mode() == Mode.SIMULATED;
    }

    /** True when this very call reserved, false when an equal one had. */
    Uni<Boolean> reserve(UUID orderId, Items items) {
        refuseWhereSimulated();
        CrashPoint.reached("inventory.before-reserve");
        return repository
                .reserve(orderId, items.items(), lifetime)
                .invoke(word -> CrashPoint.reached("inventory.after-reserve"))
                .map(word -> switch (word) {
                    case "reserved" -> true;
                    case "same" -> false;
                    case "differs" ->
                        throw new ProblemException(DIFFERS, "Order " + orderId + " has reserved something else.");
                    case "cancelled" -> throw cancelled(orderId);
                    default -> throw outOfStock(word.substring(SHORT.length()));
                });
    }

    /** Lets the reserved go out of the warehouse: no deadline cuts that short. */
    Uni<Void> commit(UUID orderId) {
        refuseWhereSimulated();
        CrashPoint.reached("inventory.before-commit");
        return WorkDeadline.lifted(repository.commit(orderId))
                .invoke(word -> {
                    CrashPoint.reached("inventory.after-commit");
                    switch (word) {
                        case "committed" -> {}
                        case "cancelled" -> throw cancelled(orderId);
                        case "gone" ->
                            throw new ProblemException(
                                    GONE, "The time of order " + orderId + " was over, and the stock is sold.");
                        default ->
                            throw new ProblemException(UNKNOWN, "There is no reservation of order " + orderId + ".");
                    }
                })
                .replaceWithVoid();
    }

    /** Puts the stock back, if any was taken, and keeps the order from reserving again: no deadline cuts that short. */
    Uni<Void> release(UUID orderId) {
        refuseWhereSimulated();
        CrashPoint.reached("inventory.before-release");
        return WorkDeadline.lifted(repository.release(orderId))
                .invoke(done -> CrashPoint.reached("inventory.after-release"));
    }

    private void refuseWhereSimulated() {
        if (simulated) {
            throw new ProblemException(
                    InventoryService.SIMULATED, "Levels are made up in this mode and cannot be reserved.");
        }
    }

    private static ProblemException cancelled(UUID orderId) {
        return new ProblemException(CANCELLED, "Order " + orderId + " was cancelled; nothing is kept for it.");
    }

    private static ProblemException outOfStock(String products) {
        List<Integer> ids =
                Stream.of(products.split(",", -1)).map(Integer::valueOf).toList();
        return new ProblemException(
                OUT_OF_STOCK,
                "There is too little of product " + products.replace(",", ", ") + "; nothing was reserved.",
                Map.of("product_ids", ids),
                Map.of());
    }
}

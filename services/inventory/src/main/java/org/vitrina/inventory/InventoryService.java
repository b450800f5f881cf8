package org.vitrina.inventory;

import static org.vitrina.inventory.ProductLevel.Reason.TIMEOUT;
import static org.vitrina.inventory.ProductLevel.Reason.UNKNOWN;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.RequestDeadline;
import org.vitrina.inventory.InventoryConfig.Mode;

/** Tells and sets how much there is of a product, within the request's deadline. */
@ApplicationScoped
class InventoryService {
    static final ErrorCode BELOW_RESERVED = new ErrorCode("below-reserved", 409, false, "Below what is reserved");
    static final ErrorCode SIMULATED = new ErrorCode("simulated", 409, false, "Inventory is simulated");

    private final InventoryRepository repository;
    private final LevelSource source;
    private final RequestDeadline deadline;
    private final boolean simulated;

    InventoryService(
            InventoryConfig config,
            InventoryRepository repository,
            SimulatedLevels simulatedLevels,
            RequestDeadline deadline) {
        this.simulated = config.mode() == Mode.SIMULATED;
        this.repository = repository;
        this.source = simulated ? simulatedLevels : repository;
        this.deadline = deadline;
    }

    Uni<Available> level(int productId) {
        return deadline.bound(source.level(productId)).map(found -> found.map(level -> new Available(level.inventory()))
                .orElseThrow(() ->
                        new ProblemException(ErrorCode.NOT_FOUND, "Product " + productId + " has no inventory.")));
    }

    /** At the deadline what is known by then, never a failure for lateness. */
    Uni<List<ProductLevel>> levels(List<Integer> productIds) {
        var batch = new LevelBatch(productIds);
        return deadline.bound(batch.gather(source))
                .map(all -> batch.answer(UNKNOWN))
                .onFailure(InventoryService::isLate)
                .recoverWithItem(() -> batch.answer(TIMEOUT));
    }

    Uni<Available> setOnHand(int productId, int onHand) {
        if (simulated) {
            throw new ProblemException(SIMULATED, "Levels are made up in this mode and cannot be set.");
        }
        return deadline.bound(repository.setOnHand(productId, onHand)).map(set -> set.map(Available::new)
                .orElseThrow(() -> new ProblemException(
                        BELOW_RESERVED,
                        "More than " + onHand + " of product " + productId + " are reserved; nothing was changed.")));
    }

    private static boolean isLate(Throwable failure) {
        return failure instanceof ProblemException problem && problem.code().equals(ErrorCode.TIMEOUT);
    }
}

package org.vitrina.inventory;

import static org.vitrina.inventory.ProductLevel.Reason.TIMEOUT;
import static org.vitrina.inventory.ProductLevel.Reason.UNKNOWN;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.ETags;
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
                .orElseThrow(() -> unknown(productId)));
    }

    /** At the deadline what is known by then, never a failure for lateness. */
    Uni<List<ProductLevel>> levels(List<Integer> productIds) {
        var batch = new LevelBatch(productIds);
        return deadline.bound(batch.gather(source))
                .map(all -> batch.answer(UNKNOWN))
                .onFailure(InventoryService::isLate)
                .recoverWithItem(() -> batch.answer(TIMEOUT));
    }

    /** What the warehouse has, for who counts it. */
    Uni<OnStock> onStock(int productId) {
        refuseSimulated();
        return deadline.bound(repository.onStock(productId)).map(found -> found.orElseThrow(() -> unknown(productId)));
    }

    /** @param ifMatch the caller's If-Match, null if there was none */
    Uni<Available> setOnHand(int productId, int onHand, @Nullable String ifMatch) {
        refuseSimulated();
        Uni<Optional<Integer>> set = ifMatch == null
                ? repository.setOnHand(productId, onHand)
                : repository.onStock(productId).chain(seen -> {
                    OnStock matched = matched(seen, ifMatch);
                    return repository
                            .replaceOnHand(productId, onHand, matched.onHand())
                            .chain(left -> left.isPresent()
                                    ? Uni.createFrom().item(left)
                                    // it was sold or counted meanwhile, or more is reserved
                                    : repository.onStock(productId).map(now -> {
                                        matched(now, matched.etag());
                                        return left;
                                    }));
                });
        return deadline.bound(set).map(left -> left.map(Available::new)
                .orElseThrow(() -> new ProblemException(
                        BELOW_RESERVED,
                        "More than " + onHand + " of product " + productId + " are reserved; nothing was changed.")));
    }

    private static OnStock matched(Optional<OnStock> seen, String ifMatch) {
        return seen.filter(stock -> ETags.matches(ifMatch, stock.etag()))
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.PRECONDITION_FAILED,
                        "What is on hand has changed meanwhile: read it again and repeat with its new ETag.",
                        Map.of(),
                        seen.map(stock -> Map.of("ETag", stock.etag())).orElse(Map.of())));
    }

    private void refuseSimulated() {
        if (simulated) {
            throw new ProblemException(SIMULATED, "Levels are made up in this mode and cannot be set.");
        }
    }

    private static ProblemException unknown(int productId) {
        return new ProblemException(ErrorCode.NOT_FOUND, "Product " + productId + " has no inventory.");
    }

    private static boolean isLate(Throwable failure) {
        return failure instanceof ProblemException problem && problem.code().equals(ErrorCode.TIMEOUT);
    }
}

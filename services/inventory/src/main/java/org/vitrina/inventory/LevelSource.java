package org.vitrina.inventory;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.Set;

/** Where levels come from. Cancelling a subscription gives up whatever it still waits for. */
interface LevelSource {
    /** The level of one product, empty if it has none. */
    Uni<Optional<Level>> level(int productId);

    /** The levels of these products, each as soon as it is there, in any order; products without one are left out. */
    Multi<Level> levels(Set<Integer> productIds);
}

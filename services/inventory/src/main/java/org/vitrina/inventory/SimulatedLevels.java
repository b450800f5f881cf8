package org.vitrina.inventory;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * The seed's inventory: every product has a random level from 0 to 100, known after a random whole number of seconds.
 * The products of a batch are late independently of each other.
 */
@ApplicationScoped
class SimulatedLevels implements LevelSource {
    private static final int HIGHEST_LEVEL = 100;

    private final int maxDelaySeconds;
    private final Random random;
    private final Delay pauses;

    @Inject
    SimulatedLevels(InventoryConfig config, Delay pauses) {
        this(
                config.simulated().maxDelay(),
                config.simulated().seed().isPresent()
                        ? new Random(config.simulated().seed().getAsLong())
                        : new Random(),
                pauses);
    }

    SimulatedLevels(Duration maxDelay, Random random, Delay pauses) {
        this.maxDelaySeconds = Math.toIntExact(maxDelay.toSeconds());
        this.random = random;
        this.pauses = pauses;
    }

    @Override
    public Uni<Optional<Level>> level(int productId) {
        return late(productId).map(Optional::of);
    }

    @Override
    public Multi<Level> levels(Set<Integer> productIds) {
        return Multi.createFrom()
                .iterable(productIds)
                .onItem()
                .transformToUni(this::late)
                .merge(productIds.size());
    }

    private Uni<Level> late(int productId) {
        return Uni.createFrom()
                .deferred(() -> pauses.pause(Duration.ofSeconds(upTo(maxDelaySeconds))))
                .map(over -> new Level(productId, upTo(HIGHEST_LEVEL)));
    }

    private int upTo(int highest) {
        return random.nextInt(highest + 1);
    }
}

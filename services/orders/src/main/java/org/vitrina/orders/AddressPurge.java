package org.vitrina.orders;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.vitrina.runtime.RecurringTask;

/**
 * Takes address and phone number out of settled orders that are so old that nobody asks where they went. Goes once through
 * the old orders, from the first, and then on with those that have become old since; an order that was not settled when its
 * turn came has the next one when a process starts.
 */
@Singleton
class AddressPurge implements RecurringTask {
    private static final int PORTION = 500;

    private final AddressRepository repository;
    private final Clock clock;
    private final Duration every;
    private final Duration keep;
    private volatile UUID done = OrderIds.lowest(0);

    AddressPurge(AddressRepository repository, Clock clock, OrdersConfig config) {
        this.repository = repository;
        this.clock = clock;
        this.every = config.addresses().purgeEvery();
        this.keep = config.addresses().keep();
    }

    @Override
    public String name() {
        return "the purge of addresses";
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Uni<?> work() {
        UUID end = OrderIds.lowest(clock.millis() - keep.toMillis());
        return RecurringTask.inPortions(PORTION, () -> repository
                .blank(done, end, keep, PORTION)
                .invoke(portion -> {
                    if (portion.last() != null) {
                        done = portion.last();
                    }
                })
                .map(AddressRepository.Portion::orders));
    }
}

package org.vitrina.wallet;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.vitrina.runtime.RecurringTask;

/** Removes tombstones when no debit can be so late any more. */
@ApplicationScoped
class TombstonePurge implements RecurringTask {
    private static final int BATCH = 1_000;

    private final WalletRepository repository;
    private final Duration every;
    private final Duration retention;

    TombstonePurge(WalletRepository repository, WalletConfig config) {
        this.repository = repository;
        this.every = config.purgeEvery();
        this.retention = config.tombstoneRetention();
    }

    @Override
    public String name() {
        return "the purge of tombstones";
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public Uni<?> work() {
        return RecurringTask.inPortions(BATCH, () -> repository.purge(retention, BATCH));
    }
}

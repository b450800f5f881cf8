package org.vitrina.wallet;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.vitrina.runtime.AuditCount;

/** Counts old entries and old debits by user. None is removed, as an order may be cancelled at any time. */
@Singleton
class BooksCount extends AuditCount {
    private final WalletRepository repository;

    BooksCount(WalletRepository repository, WalletConfig config) {
        super(config.purgeEvery(), config.auditWindow());
        this.repository = repository;
    }

    @Override
    public String name() {
        return "the count of old entries and debits";
    }

    @Override
    protected Uni<Integer> count(Duration age, int limit) {
        return repository.count(age, limit);
    }
}

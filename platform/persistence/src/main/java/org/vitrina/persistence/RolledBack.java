package org.vitrina.persistence;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;

/** Work that leaves nothing behind: a warm-up goes the way of a change, and whatever it met there, nothing has changed. */
public final class RolledBack {
    private RolledBack() {}

    /** The work in a transaction that ends with a rollback, also where it succeeds. */
    public static <T> Uni<T> of(Supplier<Uni<T>> work) {
        return Shielded.of(Panache.withTransaction(() -> Panache.currentTransaction()
                .invoke(Mutiny.Transaction::markForRollback)
                .chain(marked -> work.get())));
    }
}

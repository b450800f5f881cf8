package org.vitrina.runtime;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/**
 * Work done once when every {@link Dependency} is there, before the service says that it is ready. It is for speed only:
 * readiness waits a few seconds for it at most, and its failure changes nothing.
 */
public interface BeforeReady {
    /** As many at once as take the event loops, and the connections of a pool, all into use. */
    int AT_ONCE = 10;

    Uni<Void> run();

    /** The same question so many times; the items do not matter. */
    static Uni<Void> askOften(int times, Supplier<? extends Uni<?>> question) {
        return Multi.createFrom()
                .range(0, times)
                .onItem()
                .transformToUni(number -> question.get().replaceWithVoid())
                .merge(AT_ONCE)
                .collect()
                .last()
                .replaceWithVoid();
    }
}

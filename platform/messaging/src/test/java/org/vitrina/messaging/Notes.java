package org.vitrina.messaging;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** A service's work in the database: writes a note and decides to send events, in one transaction. */
@ApplicationScoped
class Notes {
    private final Outbox outbox;
    private final HandledEvents duplicates;

    Notes(Outbox outbox, HandledEvents duplicates) {
        this.outbox = outbox;
        this.duplicates = duplicates;
    }

    @WithTransaction
    Uni<Void> write(String text, List<OutgoingEvent> events) {
        return Panache.getSession()
                .chain(session -> session.createNativeQuery("INSERT INTO note (text) VALUES (?1)")
                        .setParameter(1, text)
                        .executeUpdate())
                .chain(() -> Multi.createFrom()
                        .iterable(events)
                        .onItem()
                        .transformToUniAndConcatenate(outbox::add)
                        .collect()
                        .asList())
                .replaceWithVoid();
    }

    @WithTransaction
    Uni<Void> writeAndFail(String text, List<OutgoingEvent> events) {
        return write(text, events).chain(() -> Uni.createFrom().failure(new IllegalStateException("on purpose")));
    }

    Uni<Void> addWithoutTransaction(OutgoingEvent event) {
        return Panache.withSession(() -> outbox.add(event));
    }

    @WithTransaction
    Uni<Boolean> firstTime(String consumer, UUID event) {
        return duplicates.firstTime(consumer, event);
    }

    @WithTransaction
    Uni<Boolean> firstTimeAndFail(String consumer, UUID event) {
        return duplicates.firstTime(consumer, event).chain(first -> Uni.createFrom()
                .failure(new IllegalStateException("on purpose")));
    }
}

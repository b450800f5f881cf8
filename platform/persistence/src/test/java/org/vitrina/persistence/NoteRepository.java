package org.vitrina.persistence;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;
import org.hibernate.reactive.mutiny.Mutiny.SessionFactory;

/** Reads and writes as services do, in each of the styles that they may use. */
@ApplicationScoped
class NoteRepository implements PanacheRepositoryBase<NoteEntity, Integer> {
    final AtomicInteger reads = new AtomicInteger();
    private final SessionFactory sessions;

    NoteRepository(SessionFactory sessions) {
        this.sessions = sessions;
    }

    @WithSession
    Uni<String> read(int id) {
        return Uni.createFrom().deferred(() -> {
            reads.incrementAndGet();
            return findById(id).map(note -> note == null ? "" : note.text);
        });
    }

    @WithTransaction
    Uni<Void> write(int id, String text) {
        var note = new NoteEntity();
        note.id = id;
        note.text = text;
        return persist(note).replaceWithVoid();
    }

    @WithSession
    Uni<String> slowRead(double seconds) {
        return getSession().chain(session -> session.createNativeQuery("SELECT pg_sleep(?1)::text", String.class)
                .setParameter(1, seconds)
                .getSingleResult());
    }

    @WithTransaction
    Uni<String> slowWrite(double seconds) {
        return slowRead(seconds);
    }

    Uni<String> slowReadWithoutShield(double seconds) {
        return sessions.withSession(session -> session.createNativeQuery("SELECT pg_sleep(?1)::text", String.class)
                .setParameter(1, seconds)
                .getSingleResult());
    }
}

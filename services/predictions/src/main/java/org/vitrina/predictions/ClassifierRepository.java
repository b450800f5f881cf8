package org.vitrina.predictions;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

/** Reads, makes and locks rows of classifiers. */
@ApplicationScoped
class ClassifierRepository implements PanacheRepositoryBase<ClassifierEntity, Integer> {
    private static final String MAKE = "INSERT INTO classifier (id) VALUES (?1) ON CONFLICT (id) DO NOTHING";

    /** The row, made with version 0 if there was none; kept from other writers until the transaction ends. */
    Uni<ClassifierEntity> lockOrMake(int id) {
        return getSession()
                .chain(session ->
                        session.createNativeQuery(MAKE).setParameter(1, id).executeUpdate())
                .chain(made -> findById(id, LockModeType.PESSIMISTIC_WRITE));
    }
}

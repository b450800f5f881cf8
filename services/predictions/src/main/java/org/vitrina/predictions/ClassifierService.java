package org.vitrina.predictions;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.ETags;
import org.vitrina.persistence.trail.AuditTrail;

/** Classifiers' parameters: of two writers who saw the same version one wins. */
@ApplicationScoped
class ClassifierService {
    private final ClassifierRepository repository;
    private final AuditTrail trail;

    ClassifierService(ClassifierRepository repository, AuditTrail trail) {
        this.repository = repository;
        this.trail = trail;
    }

    @WithSession
    Uni<VersionedClassifier> get(int id) {
        return repository
                .findById(id)
                .onItem()
                .ifNull()
                .failWith(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no classifier " + id + "."))
                .map(found -> VersionedClassifier.of(found, false));
    }

    /**
     * Changes the parameters; a classifier without any is made by its first patch.
     *
     * @param ifMatch the caller's If-Match, null if there was none
     */
    @WithTransaction
    Uni<VersionedClassifier> patch(int id, ClassifierPatch patch, @Nullable String ifMatch) {
        return trail.begin().chain(() -> repository.lockOrMake(id)).chain(locked -> {
            boolean made = locked.version == 0;
            requireMatch(locked, made, ifMatch);
            Double l1 = patch.l1().over(locked.l1);
            Double l2 = patch.l2().over(locked.l2);
            // what changes nothing keeps its version, and every cache its copy
            if (made || !Objects.equals(l1, locked.l1) || !Objects.equals(l2, locked.l2)) {
                locked.l1 = l1;
                locked.l2 = l2;
                locked.version++;
            }
            return repository.flush().map(flushed -> VersionedClassifier.of(locked, made));
        });
    }

    private static void requireMatch(ClassifierEntity locked, boolean made, @Nullable String ifMatch) {
        String current = ETags.of(locked.version);
        if (made && ifMatch != null) {
            throw new ProblemException(ErrorCode.PRECONDITION_FAILED, "There is no such classifier yet.");
        }
        if (!ETags.matches(ifMatch, current)) {
            throw new ProblemException(
                    ErrorCode.PRECONDITION_FAILED,
                    "The parameters were changed meanwhile: read them again and repeat with their new ETag.",
                    Map.of(),
                    Map.of("ETag", current));
        }
    }
}

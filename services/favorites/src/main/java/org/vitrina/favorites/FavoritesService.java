package org.vitrina.favorites;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Erasure;

/** Keeps each user's favorites. */
@ApplicationScoped
class FavoritesService {
    static final ErrorCode TOO_MANY = new ErrorCode("too-many-favorites", 409, false, "Too many favorites");

    private final FavoritesRepository repository;
    private final int maxProducts;

    FavoritesService(FavoritesRepository repository, FavoritesConfig config) {
        this.repository = repository;
        this.maxProducts = config.maxProducts();
    }

    Uni<List<Favorite>> of(int userId) {
        return repository.of(userId).invoke(favorites -> {
            if (favorites.isEmpty()) {
                throw new ProblemException(ErrorCode.NOT_FOUND, "User " + userId + " has no favorites.");
            }
        });
    }

    Uni<Void> add(int userId, int productId) {
        return repository
                .add(userId, productId, maxProducts)
                .invoke(added -> {
                    if (!added) {
                        throw new ProblemException(
                                TOO_MANY, "A user may have " + maxProducts + " favorites; take one away first.");
                    }
                })
                .replaceWithVoid();
    }

    Uni<Void> remove(int userId, int productId) {
        return repository.remove(userId, productId);
    }

    /** Nothing of the user stays. */
    Uni<Erasure> erase(int userId) {
        return repository.clear(userId).map(favorites -> new Erasure(Map.of("favorites", favorites), List.of()));
    }
}

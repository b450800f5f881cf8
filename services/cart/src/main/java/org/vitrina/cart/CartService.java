package org.vitrina.cart;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Erasure;

/** Keeps each user's cart. */
@ApplicationScoped
class CartService {
    static final ErrorCode CART_FULL = new ErrorCode("cart-full", 409, false, "The cart is full");

    private final CartRepository repository;
    private final int maxLines;

    CartService(CartRepository repository, CartConfig config) {
        this.repository = repository;
        this.maxLines = config.maxLines();
    }

    Uni<List<CartLine>> of(int userId) {
        return repository.of(userId);
    }

    Uni<Void> put(int userId, int productId, int quantity) {
        return repository
                .put(userId, productId, quantity, maxLines)
                .invoke(written -> {
                    if (!written) {
                        throw new ProblemException(
                                CART_FULL, "A cart may have " + maxLines + " lines; take one out first.");
                    }
                })
                .replaceWithVoid();
    }

    Uni<Void> remove(int userId, int productId) {
        return repository.remove(userId, productId);
    }

    Uni<Void> clear(int userId) {
        return repository.clear(userId).replaceWithVoid();
    }

    /** Nothing of the user stays. */
    Uni<Erasure> erase(int userId) {
        return repository.clear(userId).map(lines -> new Erasure(Map.of("lines", lines), List.of()));
    }
}

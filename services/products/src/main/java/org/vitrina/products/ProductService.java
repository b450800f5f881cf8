package org.vitrina.products;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.ETags;
import org.vitrina.http.Page;
import org.vitrina.persistence.trail.AuditTrail;

/** The catalogue's rules: what a product must say, and that of two writers who saw the same version one wins. */
@ApplicationScoped
class ProductService {
    private final ProductRepository products;
    private final ProductRules rules;
    private final ProductEvents events;
    private final AuditTrail trail;

    ProductService(ProductRepository products, ProductRules rules, ProductEvents events, AuditTrail trail) {
        this.products = products;
        this.rules = rules;
        this.events = events;
        this.trail = trail;
    }

    Uni<Page<ProductLine>> page(ProductQuery query) {
        return products.lines(query).map(found -> Page.of(found, query.limit()));
    }

    Uni<List<Category>> categories() {
        return products.categories();
    }

    @WithSession
    Uni<VersionedProduct> get(int id) {
        return products.findById(id)
                .onItem()
                .ifNull()
                .failWith(() -> unknown(id))
                .map(found -> VersionedProduct.of(id, found));
    }

    @WithTransaction
    Uni<VersionedProduct> create(ProductInput input) {
        ProductEntity wanted = rules.check(input).toEntity();
        return trail.begin()
                .chain(() -> products.persistAndFlush(wanted))
                .map(stored -> VersionedProduct.of(Objects.requireNonNull(stored.id()), stored))
                .call(events::changed);
    }

    /** @param ifMatch the caller's If-Match, null if there was none */
    @WithTransaction
    Uni<VersionedProduct> patch(int id, ProductPatch patch, @Nullable String ifMatch) {
        return lockMatching(id, ifMatch).chain(locked -> {
            long before = locked.version();
            apply(patch, id, locked);
            return products.flush() // the version is raised by the flush
                    .map(flushed -> VersionedProduct.of(id, locked))
                    .call(product ->
                            product.version() == before ? Uni.createFrom().voidItem() : events.changed(product));
        });
    }

    /** @param ifMatch the caller's If-Match, null if there was none */
    @WithTransaction
    Uni<Void> delete(int id, @Nullable String ifMatch) {
        return lockMatching(id, ifMatch)
                .call(locked -> events.deleted(VersionedProduct.of(id, locked)))
                .chain(products::delete);
    }

    /** Writers of one product queue here, so the loser sees the winner's version and never overwrites it. */
    private Uni<ProductEntity> lockMatching(int id, @Nullable String ifMatch) {
        return trail.begin()
                .chain(() -> products.lock(id))
                .onItem()
                .ifNull()
                .failWith(() -> unknown(id))
                .invoke(locked -> {
                    String current = ETags.of(locked.version());
                    if (!ETags.matches(ifMatch, current)) {
                        throw new ProblemException(
                                ErrorCode.PRECONDITION_FAILED,
                                "The product was changed meanwhile: read it again and repeat with its new ETag.",
                                Map.of(),
                                Map.of("ETag", current));
                    }
                });
    }

    private void apply(ProductPatch patch, int id, ProductEntity locked) {
        if (patch.movesAwayFrom(id)) {
            throw new ProblemException(
                    ErrorCode.VALIDATION,
                    "product_id cannot be changed.",
                    Map.of("violations", List.of(Map.of("field", "product_id", "message", "cannot be changed"))),
                    Map.of());
        }
        ProductInput present = ProductInput.of(locked);
        ProductInput patched = rules.check(patch.over(present));
        if (!patched.equals(present)) { // what changes nothing keeps its version, and every cache its copy
            patched.writeTo(locked);
        }
    }

    private static ProblemException unknown(int id) {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no product " + id + ".");
    }
}

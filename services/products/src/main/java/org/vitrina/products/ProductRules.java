package org.vitrina.products;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Valid;

/**
 * Applies the rules that {@link ProductInput} declares. A bean of its own because a patched product is complete only
 * inside the service, and Bean Validation checks calls between beans.
 */
@ApplicationScoped
class ProductRules {
    /** The input itself, valid; else it fails with each violation by field, which becomes a 400. */
    ProductInput check(@Valid ProductInput input) {
        return input;
    }
}

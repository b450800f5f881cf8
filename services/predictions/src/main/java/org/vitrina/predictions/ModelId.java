package org.vitrina.predictions;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id under which features go to the model and its answer comes back: {@code product:<id>:<version>}, {@code
 * product:<id>:<version>:<run>} for a recomputation, or {@code request:<uuid>}.
 */
sealed interface ModelId {
    Pattern PRODUCT = Pattern.compile("product:([0-9]{1,10}):([0-9]{1,18})(?::([0-9]{1,18}))?");
    Pattern REQUEST = Pattern.compile("request:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})");

    /** @param run the recomputation that asked, 0 for the product's change */
    record OfProduct(int productId, long version, long run) implements ModelId {}

    record OfRequest(UUID requestId) implements ModelId {
        String text() {
            return "request:" + requestId;
        }
    }

    /** Empty for an id that somebody else made. */
    static Optional<ModelId> parse(String text) {
        Matcher product = PRODUCT.matcher(text);
        if (product.matches()) {
            long id = Long.parseLong(product.group(1));
            String run = product.group(3);
            return id < 1 || id > Integer.MAX_VALUE
                    ? Optional.empty()
                    : Optional.of(new OfProduct(
                            (int) id, Long.parseLong(product.group(2)), run == null ? 0 : Long.parseLong(run)));
        }
        Matcher request = REQUEST.matcher(text);
        return request.matches() ? Optional.of(new OfRequest(UUID.fromString(request.group(1)))) : Optional.empty();
    }
}

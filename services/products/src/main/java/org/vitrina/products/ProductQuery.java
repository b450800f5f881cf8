package org.vitrina.products;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;
import org.vitrina.http.Page;
import org.vitrina.http.PathId;

/**
 * Which products a list shows, always by id.
 *
 * @param newestFirst whether the highest id comes first
 * @param after only ids above this one, below it where the newest come first
 * @param categoryId only this category, null for all
 * @param ids only these, null for all
 * @param words only those whose names have them, as {@link SearchWords} says; null for all
 * @param limit how many at most
 */
record ProductQuery(
        boolean newestFirst,
        int after,
        @Nullable Integer categoryId,
        @Nullable Set<Integer> ids,
        @Nullable String words,
        int limit) {
    /** The variant of this service that an experiment may give: the same catalogue in another order. */
    static final String NEWEST = "newest";

    static final int MAX_LIMIT = 500;
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_IDS = 500;

    /**
     * The query that the parameters say, each null if the caller left it out.
     *
     * @param newestFirst whether the caller's user has the variant {@value #NEWEST}
     * @throws ProblemException 400 naming the first parameter that is wrong
     */
    static ProductQuery parse(
            boolean newestFirst,
            @Nullable String limit,
            @Nullable String after,
            @Nullable String categoryId,
            @Nullable List<String> productIds,
            @Nullable String search) {
        Set<Integer> ids = productIds == null ? null : ids(String.join(",", productIds));
        return new ProductQuery(
                newestFirst,
                after == null ? (newestFirst ? Integer.MAX_VALUE : 0) : PathId.parse("after", after),
                categoryId == null ? null : PathId.parse("category_id", categoryId),
                ids,
                search == null ? null : SearchWords.tsquery(search),
                // who names the products wants them all
                Page.limit(limit, ids != null ? MAX_LIMIT : DEFAULT_LIMIT, MAX_LIMIT));
    }

    private static Set<Integer> ids(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length > MAX_IDS) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "product_ids may name at most " + MAX_IDS + " products.");
        }
        Set<Integer> ids = new TreeSet<>();
        for (String part : parts) {
            ids.add(PathId.parse("product_ids: each id", part));
        }
        return ids;
    }
}

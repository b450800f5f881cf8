package org.vitrina.bff.page;

import org.jspecify.annotations.Nullable;
import org.vitrina.bff.upstream.CurrentUser;

/** Which page of the catalogue is asked for, checked here so that a caller's mistake never counts against products. */
public record PageQuery(@Nullable Integer limit, @Nullable Integer after, @Nullable Integer categoryId) {
    private static final int MOST = 500;

    static final PageQuery FIRST = new PageQuery(null, null, null);

    public static PageQuery of(@Nullable String limit, @Nullable String after, @Nullable String categoryId) {
        if (limit == null && after == null && categoryId == null) {
            return FIRST;
        }
        return new PageQuery(
                limit == null ? null : CurrentUser.number("limit", limit, MOST),
                after == null ? null : CurrentUser.number("after", after, Integer.MAX_VALUE),
                categoryId == null ? null : CurrentUser.number("category_id", categoryId, Integer.MAX_VALUE));
    }

    /** The same page of {@code GET /products}; one form for one meaning, since it is a cache key too. */
    String query() {
        return limit == null && after == null && categoryId == null ? "" : query(after);
    }

    /** The {@code Link} header to the page after {@code lastId}. */
    String link(int lastId) {
        return "</products/all" + query(lastId) + ">; rel=\"next\"";
    }

    /** The same query for the page after {@code start}. */
    public String query(@Nullable Integer start) {
        var query = new StringBuilder(48);
        add(query, "limit", limit);
        add(query, "after", start);
        add(query, "category_id", categoryId);
        return query.toString();
    }

    private static void add(StringBuilder query, String name, @Nullable Integer value) {
        if (value != null) {
            query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(value.intValue());
        }
    }
}

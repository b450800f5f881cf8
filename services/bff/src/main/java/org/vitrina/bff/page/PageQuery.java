package org.vitrina.bff.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** Which page of the catalogue is asked for, checked here so that a caller's mistake never counts against products. */
public record PageQuery(
        @Nullable Integer limit, @Nullable Integer after, @Nullable Integer categoryId, @Nullable String search) {
    /** As products bounds it. */
    private static final int LONGEST_SEARCH = 100;

    private static final int MOST = 500;
    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}\\p{Cc}]+");

    static final PageQuery FIRST = new PageQuery(null, null, null, null);

    public static PageQuery of(@Nullable String limit, @Nullable String after, @Nullable String categoryId) {
        if (limit == null && after == null && categoryId == null) {
            return FIRST;
        }
        return new PageQuery(
                limit == null ? null : CurrentUser.number("limit", limit, MOST),
                after == null ? null : CurrentUser.number("after", after, Integer.MAX_VALUE),
                categoryId == null ? null : CurrentUser.number("category_id", categoryId, Integer.MAX_VALUE),
                null);
    }

    /** The same page of those products that have these words in their names; of all where there are none. */
    public PageQuery searching(@Nullable String words) {
        String search =
                words == null ? "" : SPACES.matcher(words).replaceAll(" ").strip();
        if (search.length() > LONGEST_SEARCH) {
            throw new ProblemException(
                    ErrorCode.BAD_REQUEST,
                    "q may have at most " + LONGEST_SEARCH + " characters: search by fewer words.");
        }
        return new PageQuery(limit, after, categoryId, search.isEmpty() ? null : search);
    }

    /** The first page of a category, null for all, with the same words. */
    public String ofCategory(@Nullable Integer category) {
        return new PageQuery(null, null, category, search).query(null);
    }

    /** The same page of {@code GET /products}; one form for one meaning, since it is a cache key too. */
    String query() {
        return query(after);
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
        if (search != null) {
            query.append(query.isEmpty() ? "?q=" : "&q=").append(URLEncoder.encode(search, StandardCharsets.UTF_8));
        }
        return query.toString();
    }

    private static void add(StringBuilder query, String name, @Nullable Integer value) {
        if (value != null) {
            query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(value.intValue());
        }
    }
}

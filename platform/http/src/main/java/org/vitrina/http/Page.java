package org.vitrina.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * One page of a list that goes on; the {@code Link} header of its answer leads to the next one (RFC 8288).
 *
 * @param more whether the next page has anything
 */
public record Page<T>(List<T> items, boolean more) {
    /** @param found what was asked for and, if there is one, the next page's first */
    public static <T> Page<T> of(List<T> found, int most) {
        boolean more = found.size() > most;
        return new Page<>(more ? List.copyOf(found.subList(0, most)) : found, more);
    }

    /** A caller's {@code limit}, or the usual one where it is left out; 400 above {@code most}. */
    public static int limit(@Nullable String asked, int usual, int most) {
        if (asked == null) {
            return usual;
        }
        long limit = PathId.digits(asked);
        if (limit < 1 || limit > most) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "limit must be an integer from 1 to " + most + ".");
        }
        return (int) limit;
    }

    /** As {@link #limit}, but what is above {@code most} is cut to it. */
    public static int atMost(@Nullable String asked, int usual, int most) {
        return asked == null ? usual : Math.min(most, PathId.parse("limit", asked));
    }

    /**
     * The items as an answer.
     *
     * @param cursor the query parameter that the next page begins after, such as {@code after}
     * @param position of an item, as that parameter's value
     */
    public RestResponse.ResponseBuilder<List<T>> answer(UriInfo request, String cursor, Function<T, ?> position) {
        return link(RestResponse.ResponseBuilder.ok(items), request, cursor, position);
    }

    /** The same for an answer that holds more than the items. */
    public <R> RestResponse.ResponseBuilder<R> link(
            RestResponse.ResponseBuilder<R> answer, UriInfo request, String cursor, Function<T, ?> position) {
        return more ? answer.header(HttpHeaders.LINK, next(request, cursor, position.apply(items.getLast()))) : answer;
    }

    /**
     * {@code <path?query>; rel="next"}: the request's own path and query with the cursor changed. The reference is relative
     * to the host, so it stays right behind a proxy.
     */
    public static String next(UriInfo request, String cursor, Object position) {
        URI asked = request.getRequestUri();
        URI link = UriBuilder.fromPath("")
                .replacePath(asked.getRawPath())
                .replaceQuery(asked.getRawQuery())
                .replaceQueryParam(cursor, position)
                .build();
        return "<" + link + ">; rel=\"next\"";
    }
}

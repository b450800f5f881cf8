package org.vitrina.http;

import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.Map;

/** The {@code Link} header of a list that goes on (RFC 8288). */
public final class PageLinks {
    private PageLinks() {}

    /**
     * {@code <path?query>; rel="next"}: the request's own path and query with some parameters changed. The reference is
     * relative to the host, so it stays right behind a proxy.
     *
     * @param changed parameters to set, such as {@code after=100}
     */
    public static String next(UriInfo request, Map<String, ?> changed) {
        URI asked = request.getRequestUri();
        UriBuilder link =
                UriBuilder.fromPath("").replacePath(asked.getRawPath()).replaceQuery(asked.getRawQuery());
        changed.forEach((name, value) -> link.replaceQueryParam(name, value));
        return "<" + link.build() + ">; rel=\"next\"";
    }
}

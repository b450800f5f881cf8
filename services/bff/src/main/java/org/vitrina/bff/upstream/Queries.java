package org.vitrina.bff.upstream;

import jakarta.ws.rs.core.AbstractMultivaluedMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;

/** A caller's query, to be handed on. */
public final class Queries {
    private Queries() {}

    /** All its parameters, in the order in which they were sent. */
    public static MultivaluedMap<String, String> of(UriInfo asked) {
        var all = new Ordered();
        String query = asked.getRequestUri().getRawQuery();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                int end = pair.indexOf('=');
                if (!pair.isEmpty()) {
                    all.add(
                            decoded(end < 0 ? pair : pair.substring(0, end)),
                            end < 0 ? "" : decoded(pair.substring(end + 1)));
                }
            }
        }
        return all;
    }

    /** The same without one parameter that is ours. */
    public static MultivaluedMap<String, String> without(String name, UriInfo asked) {
        MultivaluedMap<String, String> rest = of(asked);
        rest.remove(name);
        return rest;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static final class Ordered extends AbstractMultivaluedMap<String, String> {
        Ordered() {
            super(new LinkedHashMap<>());
        }
    }
}

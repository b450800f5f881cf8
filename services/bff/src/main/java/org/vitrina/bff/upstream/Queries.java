package org.vitrina.bff.upstream;

import jakarta.ws.rs.core.AbstractMultivaluedMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Set;

/** A caller's query, to be handed on. */
public final class Queries {
    /** No parameters; not to be changed. */
    public static final MultivaluedMap<String, String> NONE = new Ordered();

    private Queries() {}

    /**
     * Those of its parameters that the other side is meant to be asked with, in the order in which they were sent. Names count
     * as they are decoded: another spelling of one of ours would be ours again on the other side.
     */
    public static MultivaluedMap<String, String> only(Set<String> names, UriInfo asked) {
        var known = new Ordered();
        String query = asked.getRequestUri().getRawQuery();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                int end = pair.indexOf('=');
                String name = decoded(end < 0 ? pair : pair.substring(0, end));
                if (names.contains(name)) {
                    known.add(name, end < 0 ? "" : decoded(pair.substring(end + 1)));
                }
            }
        }
        return known;
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

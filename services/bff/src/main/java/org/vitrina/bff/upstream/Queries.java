package org.vitrina.bff.upstream;

import jakarta.ws.rs.core.UriInfo;

/** A caller's query, to be handed on. */
public final class Queries {
    private Queries() {}

    /** The query with its question mark and without one parameter that is ours; empty if nothing is left. */
    public static String without(String name, UriInfo asked) {
        String query = asked.getRequestUri().getRawQuery();
        if (query == null) {
            return "";
        }
        StringBuilder rest = new StringBuilder(query.length() + 1);
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty() && !pair.equals(name) && !pair.startsWith(name + "=")) {
                rest.append(rest.isEmpty() ? '?' : '&').append(pair);
            }
        }
        return rest.toString();
    }
}

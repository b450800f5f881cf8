package org.vitrina.bff.parts;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a declared part is asked.
 *
 * @param server its address without a path
 * @param target path and query with the placeholder
 * @param kind what the placeholder stands for
 */
record PartUrl(URI server, String target, Kind kind) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^{}]*}");
    private static final Pattern URL = Pattern.compile("(https?://[^/?#{}]+)([/?].*)");

    /** What a part is asked about. */
    enum Kind {
        PRODUCTS("{ids}"),
        USER("{user}");

        private final String placeholder;

        Kind(String placeholder) {
            this.placeholder = placeholder;
        }
    }

    /** @throws IllegalArgumentException with what is wrong with it and what to write instead */
    static PartUrl parse(String url) {
        Kind kind = kind(url);
        Matcher parts = URL.matcher(url);
        try {
            if (parts.matches()) {
                var filled = new URI(url.replace(kind.placeholder, "1"));
                if (filled.getHost() != null && filled.getRawUserInfo() == null && filled.getRawFragment() == null) {
                    String target = parts.group(2);
                    return new PartUrl(
                            URI.create(parts.group(1)), target.startsWith("?") ? "/" + target : target, kind);
                }
            }
        } catch (java.net.URISyntaxException e) {
            throw new IllegalArgumentException(form(url), e);
        }
        throw new IllegalArgumentException(form(url));
    }

    private static Kind kind(String url) {
        Kind kind = null;
        Matcher found = PLACEHOLDER.matcher(url);
        while (found.find()) {
            Kind asked = kind(found.group(), url);
            if (kind != null && kind != asked) {
                throw new IllegalArgumentException("\"" + url
                        + "\" has both {ids} and {user}; a part is either of the products (write {ids}) or of the user"
                        + " (write {user})");
            }
            kind = asked;
        }
        if (kind == null) {
            throw new IllegalArgumentException(
                    "\"" + url
                            + "\" has no placeholder; write {ids} where the ids of a page's products go, or {user} for the user's");
        }
        return kind;
    }

    private static Kind kind(String placeholder, String url) {
        for (Kind kind : Kind.values()) {
            if (kind.placeholder.equals(placeholder)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("\"" + url + "\" has the unknown placeholder " + placeholder
                + "; there are {ids} (a page's products) and {user}");
    }

    private static String form(String url) {
        return "\"" + url + "\" is no address such as http://ratings/ratings?product_ids={ids}: http or https, a host,"
                + " perhaps a port, then a path and a query, with the placeholder in one of these and neither password nor"
                + " fragment";
    }

    /** Path and query to ask with. */
    String target(String asked) {
        return target.replace(kind.placeholder, asked);
    }
}

package org.vitrina.bff.upstream;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes of the URLs in a service's headers paths of ours: callers know neither its host nor its paths. */
final class OwnPaths {
    /** Scheme and host of an absolute URL, or of one that only leaves out the scheme. */
    private static final Pattern HOST = Pattern.compile("^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*");

    /** What a user has elsewhere is here the asking user's own. */
    private static final Pattern OF_USER =
            Pattern.compile("^/users/[0-9]+(?=/(?:cart|favorites|wallet|notifications)(?:[/?#]|$))");

    private static final Pattern IN_LINK = Pattern.compile("<([^>]*)>");

    private OwnPaths() {}

    /**
     * The path for a URL that a service names.
     *
     * @param base the path before all of the service's own, empty or such as {@code /base}
     */
    static String location(String url, String base) {
        String path = HOST.matcher(url).replaceFirst("");
        if (path.isEmpty() || path.charAt(0) != '/') {
            path = "/" + path;
        }
        if (!base.isEmpty() && path.startsWith(base + "/")) {
            path = path.substring(base.length());
        }
        return OF_USER.matcher(path).replaceFirst("");
    }

    /** The same for each URL of a {@code Link}. */
    static String links(String link, String base) {
        return IN_LINK.matcher(link)
                .replaceAll(found -> Matcher.quoteReplacement("<" + location(found.group(1), base) + ">"));
    }
}

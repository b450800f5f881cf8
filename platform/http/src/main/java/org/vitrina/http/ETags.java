package org.vitrina.http;

import org.jspecify.annotations.Nullable;

/**
 * Entity tags and the conditions over them (RFC 9110, sections 8.8.3 and 13.1).
 *
 * <p>A header that came in several field lines is one list (RFC 9110, 5.3); {@link ETags#field} joins the lines.
 */
public final class ETags {
    private ETags() {}

    /** The strong tag of a version: {@code "5"}, quotes included. */
    public static String of(long version) {
        return "\"" + version + "\"";
    }

    /** The strong entity tag of content that has no version of its own: a hash of its bytes. */
    public static String ofContent(byte[] content) {
        try {
            byte[] hash = java.security.MessageDigest.getInstance("SHA-256").digest(content);
            return '"'
                    + java.util.Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(java.util.Arrays.copyOf(hash, 15))
                    + '"';
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Joins the field lines of one header into one list; null when the header is absent. */
    public static @Nullable String field(@Nullable Iterable<String> lines) {
        if (lines == null) {
            return null;
        }
        StringBuilder joined = null;
        for (String line : lines) {
            if (joined == null) {
                joined = new StringBuilder(line);
            } else {
                joined.append(", ").append(line);
            }
        }
        return joined == null ? null : joined.toString();
    }

    /**
     * Whether {@code If-Match} lets a request through: true when the header is absent, {@code *}, or lists {@code etag}
     * by strong comparison, so that a weak tag never matches. Tags without quotes are accepted, as docs/contracts.md says.
     *
     * @param etag the current strong tag, quotes included
     */
    public static boolean matches(@Nullable String ifMatch, String etag) {
        return ifMatch == null || lists(ifMatch, etag, false);
    }

    /**
     * Whether {@code If-None-Match} lets a request through (false: answer 304 to a read): true when the header is
     * absent, false for {@code *} or when it lists {@code etag} by weak comparison.
     *
     * @param etag the current tag, quotes included
     */
    public static boolean noneMatch(@Nullable String ifNoneMatch, String etag) {
        return ifNoneMatch == null || !lists(ifNoneMatch, etag, true);
    }

    private static boolean lists(String field, String etag, boolean weakly) {
        String opaque = etag.startsWith("\"") ? etag.substring(1, etag.length() - 1) : etag;
        int at = 0;
        while (at < field.length()) {
            char c = field.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            boolean weak = field.startsWith("W/", at);
            int start = weak ? at + 2 : at;
            boolean quoted = start < field.length() && field.charAt(start) == '"';
            int from = quoted ? start + 1 : start;
            int end = field.indexOf(quoted ? '"' : ',', from);
            int to = end < 0 ? field.length() : end;
            String tag = quoted
                    ? field.substring(from, to)
                    : field.substring(from, to).strip();
            if (!quoted && !weak && tag.equals("*")) {
                return true;
            }
            if ((weakly || !weak) && (!quoted || end >= 0) && tag.equals(opaque)) {
                return true;
            }
            at = to + 1;
        }
        return false;
    }
}

package org.vitrina.http;

/**
 * Patterns of texts for people, in words that Java, JSON Schema (ECMA-262) and Python read alike, as clients are generated from
 * them: something that can be seen, no control characters (PostgreSQL keeps no U+0000), and no half of a surrogate pair, which
 * would come back as another character than was sent.
 */
public final class ReadableText {
    private static final String ALWAYS_REFUSED = "\\u007f-\\u009f\\ud800-\\udfff";
    private static final String SPACES = "\\s\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
    private static final String NOT_IN_A_LINE = "\\u0000-\\u001f" + ALWAYS_REFUSED;
    private static final String NOT_IN_LINES = "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f" + ALWAYS_REFUSED;

    /** Of one line. */
    public static final String LINE =
            "[^" + NOT_IN_A_LINE + "]*[^" + SPACES + NOT_IN_A_LINE + "][^" + NOT_IN_A_LINE + "]*";

    /** Of several lines. */
    public static final String LINES =
            "[^" + NOT_IN_LINES + "]*[^" + SPACES + NOT_IN_LINES + "][^" + NOT_IN_LINES + "]*";

    private ReadableText() {}
}

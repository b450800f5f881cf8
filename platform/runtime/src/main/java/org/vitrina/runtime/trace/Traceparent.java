package org.vitrina.runtime.trace;

import org.jspecify.annotations.Nullable;

/** What carries a trace from one process to the next (W3C Trace Context): its form, whoever sent it. */
public final class Traceparent {
    static final int LENGTH = 55;
    private static final int LONGEST = 255;

    private Traceparent() {}

    /** The text if it is one, else null. */
    public static @Nullable String checked(@Nullable String text) {
        return text != null && isOne(text) ? text : null;
    }

    /** Version 00 of W3C Trace Context, or a later one that begins in the same way. */
    public static boolean isOne(String text) {
        if (text.length() < LENGTH || text.length() > LONGEST) {
            return false;
        }
        boolean trace = false;
        boolean span = false;
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            if (i == 2 || i == 35 || i == 52) {
                if (c != '-') {
                    return false;
                }
            } else if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            } else if (c != '0') {
                trace |= i > 2 && i < 35;
                span |= i > 35 && i < 52;
            }
        }
        boolean version00 = text.startsWith("00");
        return trace
                && span
                && !text.startsWith("ff")
                && (text.length() == LENGTH || (!version00 && text.charAt(LENGTH) == '-'));
    }
}

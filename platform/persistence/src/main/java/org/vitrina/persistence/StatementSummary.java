package org.vitrina.persistence;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a statement does, and to what, in two words such as {@code select put_cart_line} or {@code update wallet}: of few
 * different values, as a metric's label needs it. After OpenTelemetry's {@code db.query.summary}.
 */
final class StatementSummary {
    // not FOR UPDATE, not ON CONFLICT DO UPDATE
    private static final Pattern CHANGE =
            Pattern.compile("\\b(?:(insert)\\s+into|(?<!\\bfor )(?<!\\bdo )(update)|(delete)\\s+from)\\s+([a-z_]\\w*)");

    // not the setting that says who acts (AuditTrail)
    private static final Pattern READ =
            Pattern.compile("(?:\\b(?:from|join)\\s+(?:lateral\\s+)?|,\\s*lateral\\s+)(?!set_config\\b)([a-z_]\\w*)");
    private static final Pattern CALL = Pattern.compile("^\\s*select\\s+([a-z_]\\w*)\\s*\\(");

    private StatementSummary() {}

    static String of(String sql) {
        String text = sql.toLowerCase(Locale.ROOT);
        Matcher change = CHANGE.matcher(text);
        if (change.find()) {
            for (int verb = 1; verb <= 3; verb++) {
                if (change.group(verb) != null) {
                    return change.group(verb) + " " + change.group(4);
                }
            }
        }
        Matcher read = READ.matcher(text);
        if (read.find()) {
            return "select " + read.group(1);
        }
        Matcher call = CALL.matcher(text);
        return call.find() ? "select " + call.group(1) : "other";
    }
}

package org.vitrina.http;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A way in which a service misbehaves for a while.
 *
 * @param route only requests for this path and those below it
 * @param share of these requests that meet it, above 0 and at most 1
 * @param delayMillis how much later they are served, of {@link Kind#LATENCY}
 * @param status with which they are answered, of {@link Kind#ERROR}
 * @param afterMillis from being switched on to its begin
 * @param forMillis from its begin to its end
 * @param seed decides which requests meet it: the same ones, in the order of their coming, for the same seed
 */
record TrialFault(
        Kind kind,
        String route,
        double share,
        int delayMillis,
        int status,
        long afterMillis,
        long forMillis,
        long seed) {
    /** From being switched on to its end. */
    static final long LONGEST_MILLIS = 3_600_000;

    private static final int LONGEST_DELAY_MILLIS = 60_000;
    private static final Pattern ROUTE = Pattern.compile("/[!-~]{0,199}");
    private static final Set<String> MEMBERS =
            Set.of("kind", "route", "share", "delay_ms", "status", "after_ms", "for_ms", "seed");

    enum Kind {
        /** Served later. */
        LATENCY,
        /** Answered with a status of 5xx. */
        ERROR,
        /** Never answered. */
        HANG,
        /** The connection is reset. */
        RESET;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads one as it is sent: all but {@code kind} may be left out.
     *
     * @param wrong takes what is wrong with it; whatever is returned then is of no use
     */
    static TrialFault read(JsonObject json, List<Problems.Violation> wrong) {
        var fields = new Fields(json, wrong);
        json.fieldNames().stream()
                .filter(name -> !MEMBERS.contains(name))
                .forEach(name -> wrong.add(new Problems.Violation(
                        name.length() > 40 ? name.substring(0, 40) : name, "is no part of a fault")));
        Kind kind = fields.kind();
        long after = fields.whole("after_ms", 0, 0, LONGEST_MILLIS);
        return new TrialFault(
                kind,
                fields.route(),
                fields.share(),
                (int) fields.whole("delay_ms", 1000, 1, LONGEST_DELAY_MILLIS),
                (int) fields.whole("status", 503, 500, 599),
                after,
                fields.whole("for_ms", 60_000, 1, LONGEST_MILLIS - after),
                fields.whole("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    boolean concerns(String path) {
        return route.equals("/")
                || (path.startsWith(route) && (path.length() == route.length() || path.charAt(route.length()) == '/'));
    }

    /** Whether the {@code number}th request that it concerns meets it. */
    boolean meets(long number) {
        return share >= 1 || unit(seed * 0x9E3779B97F4A7C15L + number) < share;
    }

    /** A number from 0 to 1 that looks like chance (SplitMix64). */
    private static double unit(long state) {
        long mixed = state * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        mixed ^= mixed >>> 31;
        return (mixed >>> 11) * 0x1.0p-53;
    }

    private record Fields(JsonObject json, List<Problems.Violation> wrong) {
        private void refuse(String field, String message) {
            wrong.add(new Problems.Violation(field, message));
        }

        Kind kind() {
            Object given = json.getValue("kind");
            List<String> known = new ArrayList<>();
            for (Kind kind : Kind.values()) {
                if (kind.text().equals(given)) {
                    return kind;
                }
                known.add(kind.text());
            }
            refuse("kind", "must be one of " + String.join(", ", known));
            return Kind.LATENCY;
        }

        String route() {
            Object given = json.getValue("route", "/");
            if (!(given instanceof String path) || !ROUTE.matcher(path).matches()) {
                refuse("route", "must be a path of at most 200 plain characters that begins with /");
                return "/";
            }
            return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        }

        double share() {
            Object given = json.getValue("share", 1);
            if (!(given instanceof Number number) || !(number.doubleValue() > 0) || number.doubleValue() > 1) {
                refuse("share", "must be a number above 0 and at most 1");
                return 1;
            }
            return number.doubleValue();
        }

        long whole(String field, long usual, long least, long most) {
            Object given = json.getValue(field, usual);
            boolean whole = given instanceof Integer || given instanceof Long;
            long value = whole ? ((Number) given).longValue() : 0;
            if (!whole || value < least || value > most) {
                refuse(
                        field,
                        least == Long.MIN_VALUE
                                ? "must be a whole number"
                                : "must be a whole number from " + least + " to " + most);
                return usual;
            }
            return value;
        }
    }
}

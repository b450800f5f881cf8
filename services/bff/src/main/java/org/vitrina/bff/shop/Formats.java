package org.vitrina.bff.shop;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.vitrina.core.Money;

/** Money, times and ages as a visitor reads them. */
final class Formats {
    private static final char NARROW = '\u202f';
    private static final char FIXED = '\u00a0';
    private static final DateTimeFormatter ENGLISH = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT);
    private static final DateTimeFormatter RUSSIAN = DateTimeFormatter.ofPattern("dd.MM.yyyy HH:mm 'UTC'", Locale.ROOT);

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final Locale RUSSIA = Locale.of("ru");

    private Formats() {}

    /** {@code 2500.00} as {@code 2 500,00 ₽} or {@code ₽2,500.00}; empty for null. */
    static String money(@Nullable String amount, Visit visit) {
        if (amount == null || amount.isEmpty()) {
            return "";
        }
        int point = amount.indexOf('.');
        String whole = point < 0 ? amount : amount.substring(0, point);
        String cents = point < 0 ? "00" : amount.substring(point + 1);
        boolean russian = visit.isRussian();
        var text = new StringBuilder(amount.length() + 8);
        if (!russian) {
            text.append('₽');
        }
        for (int i = 0; i < whole.length(); i++) {
            if (i > 0 && (whole.length() - i) % 3 == 0) {
                text.append(russian ? NARROW : ',');
            }
            text.append(whole.charAt(i));
        }
        if (russian) {
            // round prices are written without kopecks
            return (cents.equals("00") ? text : text.append(',').append(cents))
                    .append(FIXED)
                    .append('₽')
                    .toString();
        }
        return (cents.equals("00") ? text : text.append('.').append(cents)).toString();
    }

    /** So many at that price; empty where it is no amount. */
    static String sum(@Nullable String price, int quantity, Visit visit) {
        Money sum = sum(price, quantity);
        return sum == null ? "" : money(sum.toString(), visit);
    }

    /** The same, to be added up; null where the price is no amount. */
    static @Nullable Money sum(@Nullable String price, int quantity) {
        try {
            return price == null ? null : Money.parse(price).times(quantity);
        } catch (IllegalArgumentException notMoney) {
            return null;
        }
    }

    /** An instant of RFC 3339; as it is where it is none. */
    static String time(@Nullable String instant, Visit visit) {
        if (instant == null) {
            return "";
        }
        try {
            return (visit.isRussian() ? RUSSIAN : ENGLISH)
                    .format(Instant.parse(instant).atOffset(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return instant;
        }
    }

    /** The same to the second. */
    static String second(@Nullable String instant, Visit visit) {
        try {
            return instant == null
                    ? ""
                    : time(instant, visit).replaceFirst("\\d\\d:\\d\\d UTC", clock(Instant.parse(instant)) + " UTC");
        } catch (DateTimeParseException e) {
            return instant;
        }
    }

    /** The time of day, in UTC. */
    static String clock(Instant instant) {
        return CLOCK.format(instant.atOffset(ZoneOffset.UTC));
    }

    /** A figure in two digits. */
    static String figure(double value, Visit visit) {
        return String.format(visit.isRussian() ? RUSSIA : Locale.ROOT, "%.2f", value);
    }

    /** In the largest unit that says enough. */
    static String age(Duration age, Visit visit) {
        Messages words = visit.words();
        long seconds = Math.max(1, age.toSeconds());
        return seconds < 120
                ? words.seconds(seconds)
                : seconds < 7200 ? words.minutes(seconds / 60) : words.hours(seconds / 3600);
    }
}

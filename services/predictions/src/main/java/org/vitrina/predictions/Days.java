package org.vitrina.predictions;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.regex.Pattern;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/** Days and months as callers write them: {@code 2021-03-01}, {@code 2021-03}, years 0001 to 9999. */
final class Days {
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-[0-9]{2}");

    private Days() {}

    /**
     * @param name what the caller knows the value as
     * @throws ProblemException 400 if it is no day
     */
    static LocalDate day(String name, String text) {
        if (DAY.matcher(text).matches() && !text.startsWith("0000")) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeException e) {
                // said below
            }
        }
        throw new ProblemException(ErrorCode.BAD_REQUEST, name + " must be a day, such as 2021-03-01.");
    }

    /**
     * A day or a month, as it was written.
     *
     * @throws ProblemException 400 if it is neither
     */
    static String period(String text) {
        if (MONTH.matcher(text).matches() && !text.startsWith("0000")) {
            try {
                return YearMonth.parse(text).toString();
            } catch (DateTimeException e) {
                throw noPeriod();
            }
        }
        try {
            return day("period", text).toString();
        } catch (ProblemException e) {
            throw noPeriod();
        }
    }

    private static ProblemException noPeriod() {
        return new ProblemException(
                ErrorCode.BAD_REQUEST, "A score is of a month, such as 2021-03, or of a day, such as 2021-03-01.");
    }
}

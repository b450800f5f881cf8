package org.vitrina.bff.shop;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.vitrina.bff.upstream.CurrentUser;
import org.vitrina.core.ErrorCode;
import org.vitrina.core.ProblemException;

/**
 * What a form has sent.
 *
 * @param fields in the order in which they were sent
 */
record Form(List<Field> fields) {
    static final int MOST_PIECES = 999;

    /** As many as an order takes. */
    private static final int MOST_LINES = 100;

    /** One field, decoded. */
    public record Field(String name, String value) {}

    /**
     * A line of an order, sent as {@code product*price*quantity}.
     *
     * @param price as orders takes it; empty where the form has none
     */
    record Line(int product, String price, int quantity) {
        private static Line read(String text) {
            String[] parts = text.split("\\*", -1);
            if (parts.length != 3) {
                throw new ProblemException(ErrorCode.BAD_REQUEST, "A line of the form is not of the form.");
            }
            return new Line(
                    CurrentUser.number("line", parts[0], Integer.MAX_VALUE),
                    parts[1],
                    CurrentUser.number("line", parts[2], MOST_PIECES));
        }
    }

    /** Reads {@code application/x-www-form-urlencoded}; 400 where it is none. */
    static Form read(String body) {
        List<Field> fields = new ArrayList<>();
        for (String pair : body.split("&", -1)) {
            if (!pair.isEmpty()) {
                int end = pair.indexOf('=');
                fields.add(new Field(
                        decoded(end < 0 ? pair : pair.substring(0, end)),
                        end < 0 ? "" : decoded(pair.substring(end + 1))));
            }
        }
        return new Form(fields);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "The form has a field that cannot be read.");
        }
    }

    /** The same without the fields of this name. */
    Form without(String name) {
        return new Form(
                fields.stream().filter(field -> !field.name().equals(name)).toList());
    }

    /** The first of this name, without blanks around it; empty where there is none. */
    String text(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .map(field -> field.value().strip())
                .orElse("");
    }

    private List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .toList();
    }

    /** The fields named {@code line}; 400 where one cannot be read. */
    List<Line> lines() {
        List<String> lines = all("line");
        if (lines.size() > MOST_LINES) {
            throw new ProblemException(ErrorCode.BAD_REQUEST, "An order has at most " + MOST_LINES + " lines.");
        }
        return lines.stream().map(Line::read).toList();
    }

    /** The product that it is about, or 400. */
    int product() {
        return number("product", Integer.MAX_VALUE);
    }

    /** A positive whole number, or 400. */
    int number(String name, int most) {
        return CurrentUser.number(name, text(name), most);
    }
}

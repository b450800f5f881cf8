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
    /** One field, decoded. */
    public record Field(String name, String value) {}

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

    /** The first of this name, without blanks around it; empty where there is none. */
    String text(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .map(field -> field.value().strip())
                .orElse("");
    }

    List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .toList();
    }

    /** A positive whole number, or 400. */
    int number(String name, int most) {
        return CurrentUser.number(name, text(name), most);
    }
}
